internal import GatewayKit
internal import NIOCore

/// A client frame that is well-formed: a JSON object without duplicate keys, with a valid `id` or none and a `type` that is a string.
///
/// Nothing of it is copied: the fields are ranges of the payload, and what a handler asks for comes as slices.
struct ClientFrame {
    /// The WebSocket message that the frame stands in.
    let payload: ByteBuffer
    /// Where the fields stand.
    let fields: FrameFields
    /// Nil for a type that the protocol does not have.
    let type: ClientFrameType?
    private let object: ByteRange

    /// The same frame in a copy of the payload.
    func moved(to payload: ByteBuffer) -> ClientFrame { ClientFrame(payload: payload, fields: fields, type: type, object: object) }

    /// The size of the frame's own text.
    var byteCount: Int { object.count }

    /// The id as a JSON string with its quotes, as it came.
    var id: ByteBuffer? { fields[.id].map(slice) }

    /// The type as the client wrote it, cut to about 64 bytes; for messages about an unknown one.
    var typeText: String { (try? text(.type, limit: 64)).map { String(buffer: $0) } ?? "" }

    /// Whether the frame asks for an ack.
    func ack() throws(Rejection) -> Bool {
        guard let range = fields[.ack] else { return false }
        switch firstByte(range) {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: throw .invalid(.ack, "must be true or false")
        }
    }

    /// The token of an `auth` frame; of one longer than ``maxToken`` a byte more than that, so that it shows.
    func token() throws(Rejection) -> String {
        let token = try text(.token, limit: Self.maxToken + 1)
        return String(decoding: token.readableBytesView.prefix(Self.maxToken + 1), as: UTF8.self)
    }

    static let maxToken = 8_192

    /// The text of a string field, unescaped; a slice where it has no escapes.
    ///
    /// - Parameters:
    ///   - field: The field; must be there.
    ///   - limit: Where unescaping stops, some bytes over at most.
    /// - Returns: The text without its quotes.
    /// - Throws: What the client is told.
    func text(_ field: FrameField, limit: Int) throws(Rejection) -> ByteBuffer {
        guard let range = fields[field] else { throw .missing(field) }
        guard firstByte(range) == UInt8(ascii: "\"") else { throw .invalid(field, "must be a string") }
        return text(range, hasEscapes: fields.hasEscapes(field), limit: limit)
    }

    /// The text of a string that stands at `range` with its quotes.
    func text(_ range: ByteRange, hasEscapes: Bool, limit: Int) -> ByteBuffer {
        let inner = ByteRange(Int(range.start) + 1, Int(range.end) - 1)
        guard hasEscapes else { return slice(inner) }
        return payload.withUnsafeReadableBytes { JSONString(inner.slice(of: $0), hasEscapes: true).unescaped(limit: limit) }
    }

    /// The part of the payload that a range names.
    func slice(_ range: ByteRange) -> ByteBuffer {
        payload.getSlice(at: payload.readerIndex + Int(range.start), length: range.count) ?? ByteBuffer()
    }

    /// The first byte of a value, which says what kind of value it is.
    func firstByte(_ range: ByteRange) -> UInt8 { payload.getInteger(at: payload.readerIndex + Int(range.start)) ?? 0 }
}

extension ClientFrame {
    static let maxID = 64

    /// Looks at what every frame must have.
    ///
    /// - Parameters:
    ///   - payload: The WebSocket message.
    ///   - object: The frame in it.
    ///   - fields: The fields of the frame.
    ///   - bytes: The payload's bytes.
    /// - Returns: The frame, or its first defect.
    static func read(
        _ payload: ByteBuffer, _ object: ByteRange, _ fields: FrameFields, _ bytes: UnsafeRawBufferPointer
    ) -> Result<ClientFrame, FrameDefect> {
        let hasValidID = fields.duplicate != .field(.id) && hasValidID(fields, bytes)
        let type = fields[.type].flatMap { range in
            string(range, hasEscapes: fields.hasEscapes(.type), bytes).flatMap(ClientFrameType.init)
        }
        let frame = ClientFrame(payload: payload, fields: fields, type: type, object: object)
        func defect(_ rejection: Rejection) -> Result<ClientFrame, FrameDefect> {
            .failure(FrameDefect(rejection: rejection, id: hasValidID ? frame.id : nil))
        }
        if let duplicate = fields.duplicate { return defect(.duplicate(duplicate)) }
        if !hasValidID { return defect(.invalid(.id, "must be a string of 1 to \(maxID) bytes")) }
        guard let range = fields[.type] else { return defect(.missing(.type)) }
        guard range.slice(of: bytes).first == UInt8(ascii: "\"") else { return defect(.invalid(.type, "must be a string")) }
        return .success(frame)
    }

    private static func hasValidID(_ fields: FrameFields, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let range = fields[.id] else { return true }
        guard let text = string(range, hasEscapes: fields.hasEscapes(.id), bytes) else { return false }
        // An escape of one byte takes at most six.
        guard 1...(6 * maxID) ~= text.bytes.count else { return false }
        return 1...maxID ~= (text.hasEscapes ? text.unescaped(limit: maxID + 1).readableBytes : text.bytes.count)
    }

    /// The string at a range; nil where another value stands there.
    private static func string(_ range: ByteRange, hasEscapes: Bool, _ bytes: UnsafeRawBufferPointer) -> JSONString? {
        let value = range.slice(of: bytes)
        guard value.first == UInt8(ascii: "\""), value.count >= 2 else { return nil }
        return JSONString(UnsafeRawBufferPointer(rebasing: value[1..<(value.count - 1)]), hasEscapes: hasEscapes)
    }
}
