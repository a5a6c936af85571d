import GatewayKit

/// Finds what libyaml reads and people do not see, or what it refuses at a misleading place.
///
/// That is: other encodings, bad UTF-8, control characters.
enum EncodingCheck {
    /// The first thing wrong with a text; nil where it is UTF-8 that YAML allows.
    static func problem(_ bytes: [UInt8], _ source: SourceText) -> Diagnostic? {
        let isUTF16 =
            bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(2).contains(0) && bytes.count > 1
        if isUTF16 {
            let place = SourcePlace(.file(source.file), line: 1, column: 1)
            return Diagnostic(.error, .encoding, "the file is not UTF-8 but UTF-16 or UTF-32", at: place, help: "save the file as UTF-8")
        }
        var index = 0
        let text = source.bytes
        while index < text.count {
            let (scalar, length) = scalar(text, index)
            guard let scalar else {
                let byte = String(text[index], radix: 16, uppercase: true)
                return diagnostic(
                    .encoding, "the byte 0x\(byte.count < 2 ? "0" : "")\(byte) is not UTF-8", index, source, help: "save the file as UTF-8")
            }
            guard isAllowed(scalar) else {
                let name = String(scalar, radix: 16, uppercase: true)
                let padded = String(repeating: "0", count: max(0, 4 - name.count)) + name
                return diagnostic(.syntax, "the character U+\(padded) is not allowed in YAML", index, source, help: "delete it")
            }
            index += length
        }
        return nil
    }

    private static func diagnostic(_ code: DiagnosticCode, _ message: String, _ index: Int, _ source: SourceText, help: String)
        -> Diagnostic
    {
        let (line, column) = source.position(ofByte: index)
        return Diagnostic(.error, code, message, at: SourcePlace(.file(source.file), line: line, column: column), help: help)
    }

    /// The scalar at an index by RFC 3629, section 4; nil where the bytes are none.
    private static func scalar(_ bytes: [UInt8], _ index: Int) -> (value: UInt32?, length: Int) {
        let first = bytes[index]
        let length: Int
        let range: ClosedRange<UInt8>
        switch first {
        case 0...0x7F: return (UInt32(first), 1)
        case 0xC2...0xDF: (length, range) = (2, 0x80...0xBF)
        case 0xE0: (length, range) = (3, 0xA0...0xBF)
        case 0xED: (length, range) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, range) = (3, 0x80...0xBF)
        case 0xF0: (length, range) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, range) = (4, 0x80...0xBF)
        case 0xF4: (length, range) = (4, 0x80...0x8F)
        default: return (nil, 1)
        }
        guard bytes.count - index >= length, range.contains(bytes[index + 1]) else { return (nil, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for byte in bytes[index + 1..<index + length] {
            guard byte & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return (value, length)
    }

    /// What libyaml takes (YAML 1.1, production 1), less the byte order mark.
    private static func isAllowed(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
