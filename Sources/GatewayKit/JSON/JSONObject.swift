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

    /// The members, in order; no name stands twice, byte for byte.
    public let members: [Member]

    /// Reads an object of at most 31 levels, so that there is room for one around it; nil where it is malformed or no object.
    ///
    /// Strict about its own members and lenient below, as frames are: an object in it may have a name twice, of which the value keeps one,
    /// and a number may be beyond all bounds, which the value has as infinity. The bytes have all of it.
    ///
    /// - Parameter bytes: The text, as UTF-8.
    public init?(json bytes: ByteBuffer) { try? self.init(checking: bytes) }

    init(checking bytes: ByteBuffer) throws(JSONDefect) {
        members = try JSONReader.readMembers(Array(bytes.readableBytesView)).map { name, value, range in
            Member(
                name: name, value: value,
                json: bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer())
        }
    }

    /// A member's value; nil where there is none of that name.
    public subscript(name: String) -> JSONValue? { members.first { $0.name.hasSameBytes(as: name) }?.value }
}

/// Why a text is no object that can be taken.
enum JSONDefect: Error {
    case malformed
    case notObject
    case duplicateKey
    case tooDeep
}
