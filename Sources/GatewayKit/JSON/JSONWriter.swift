public import NIOCore

/// Writes one JSON object, member by member, in the order of the calls.
public struct JSONWriter: Sendable {
    private var text = ByteBuffer()

    /// Begins an empty object.
    public init() {}

    /// Writes a member.
    public mutating func member(_ name: String, _ value: JSONValue) {
        begin(name)
        text.writeJSON(value)
    }

    /// Writes a member whose value is JSON already.
    public mutating func member(_ name: String, json value: ByteBuffer) {
        begin(name)
        text.writeImmutableBuffer(value)
    }

    /// The object.
    public consuming func finish() -> ByteBuffer {
        if text.readableBytes == 0 { text.writeString("{") }
        text.writeString("}")
        return text
    }

    private mutating func begin(_ name: String) {
        text.writeString(text.readableBytes == 0 ? "{" : ",")
        text.writeJSON(name)
        text.writeString(":")
    }
}
