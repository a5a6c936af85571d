internal import NIOCore

/// What stands between the quotes of a JSON string, as it came.
///
/// It lives as long as the memory it points to.
struct JSONString {
    let bytes: UnsafeRawBufferPointer
    let hasEscapes: Bool

    /// Makes a string of text that a ``JSONScanner`` has accepted.
    init(_ bytes: UnsafeRawBufferPointer, hasEscapes: Bool) {
        self.bytes = bytes
        self.hasEscapes = hasEscapes
    }

    /// The text, unescaped.
    ///
    /// - Parameter limit: Where to stop.
    /// - Returns: The text, cut at `limit` or up to three bytes behind it.
    func unescaped(limit: Int) -> ByteBuffer {
        var text = ByteBufferAllocator().buffer(capacity: min(limit, bytes.count))
        var offset = 0
        while offset < bytes.count, text.readableBytes < limit {
            guard bytes[offset] == UInt8(ascii: "\\") else {
                text.writeInteger(bytes[offset])
                offset += 1
                continue
            }
            let (scalar, length) = Self.unescape(bytes, at: offset)
            if let scalar { text.writeBytes(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
            offset += length
        }
        return text
    }

    /// The scalar that the escape at `offset` stands for, and the length of the escape.
    private static func unescape(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> (Unicode.Scalar?, Int) {
        guard offset + 1 < bytes.count else { return (nil, 1) }
        switch bytes[offset + 1] {
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(bytes, at: offset + 2) else { return (nil, 2) }
            if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
            guard let trail = codeUnit(bytes, at: offset + 8), UTF16.isLeadSurrogate(unit), UTF16.isTrailSurrogate(trail) else {
                return (nil, 6)
            }
            return (UTF16.decode(UTF16.EncodedScalar([unit, trail])), 12)
        default: return (Unicode.Scalar(bytes[offset + 1]), 2)
        }
    }

    /// The code unit that four hexadecimal digits at `offset` stand for.
    static func codeUnit(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt16? {
        guard bytes.count - offset >= 4 else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[offset..<(offset + 4)] {
            guard let digit = hexDigit(byte) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}

extension JSONString: Hashable {
    /// Compares what the strings stand for, byte for byte: no Unicode normalization.
    static func == (left: JSONString, right: JSONString) -> Bool {
        if left.hasEscapes || right.hasEscapes { return left.plain == right.plain }
        return left.bytes.count == right.bytes.count && left.bytes.elementsEqual(right.bytes)
    }

    /// Whether the string stands for an ASCII text.
    func equals(_ text: StaticString) -> Bool {
        if hasEscapes { return plain.withUnsafeReadableBytes { JSONString($0, hasEscapes: false).equals(text) } }
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<bytes.count where bytes[offset] != text.utf8Start[offset] { return false }
        return true
    }

    func hash(into hasher: inout Hasher) {
        if hasEscapes { return plain.withUnsafeReadableBytes { hasher.combine(bytes: $0) } }
        hasher.combine(bytes: bytes)
    }

    private var plain: ByteBuffer {
        hasEscapes ? unescaped(limit: .max) : ByteBuffer(bytes: bytes)
    }
}
