public import NIOCore

/// A JSON object as it came: its members in order, each value beside its own bytes, so that it can be passed on unchanged.
public struct JSONObject: Sendable {
    /// One member.
    public struct Member: Sendable {
        /// The name, unescaped.
        public let name: String
        /// The value.
        public let value: JSONValue
        /// The value's bytes as they came.
        public let json: ByteBuffer
    }

    /// The members, in order; no name stands twice.
    public let members: [Member]

    /// Reads an object, strictly: see ``JSONValue/init(json:)``; nil where it is malformed or no object.
    ///
    /// - Parameter bytes: The text, as UTF-8.
    public init?(json bytes: ByteBuffer) {
        guard let members = JSONReader.readMembers(Array(bytes.readableBytesView)) else { return nil }
        self.members = members.map { name, value, range in
            Member(
                name: name, value: value,
                json: bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer())
        }
    }

    /// A member's value; nil where there is none of that name.
    public subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}
