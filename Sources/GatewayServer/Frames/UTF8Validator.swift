/// Checks UTF-8 strictly (RFC 3629), piece by piece.
struct UTF8Validator {
    /// Continuation bytes that are still to come.
    private var missing: UInt8 = 0
    // The range of the next continuation byte: narrower after E0, ED, F0 and F4, against long forms, surrogates and all past U+10FFFF.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Whether what was consumed ends with a whole scalar.
    var isComplete: Bool { missing == 0 }

    /// Whether the bytes are UTF-8, start to end.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var validator = UTF8Validator()
        return validator.consume(bytes) && validator.isComplete
    }

    /// Takes the next bytes; false where they cannot be UTF-8 whatever follows.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset < bytes.count {
            if missing == 0 {
                offset = Self.skipASCII(bytes, from: offset)
                guard offset < bytes.count else { return true }
                guard begin(bytes[offset]) else { return false }
            } else {
                guard lowest...highest ~= bytes[offset] else { return false }
                (lowest, highest) = (0x80, 0xBF)
                missing -= 1
            }
            offset += 1
        }
        return true
    }

    /// The length of the scalar beyond ASCII that begins at `offset`; 0 where none does.
    static func scalarLength(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        var validator = UTF8Validator()
        guard offset < bytes.count, validator.begin(bytes[offset]) else { return 0 }
        let length = 1 + Int(validator.missing)
        guard bytes.count - offset >= length else { return 0 }
        for index in (offset + 1)..<(offset + length) {
            guard validator.lowest...validator.highest ~= bytes[index] else { return 0 }
            (validator.lowest, validator.highest) = (0x80, 0xBF)
        }
        return length
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, highest) = (3, 0x8F)
        default: return false
        }
        return true
    }

    /// The offset of the first byte at or after `offset` that is not ASCII; sixteen bytes at a time.
    private static func skipASCII(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Int {
        var offset = offset
        while bytes.count - offset >= 16 {
            let low = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let high = bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            guard (low | high) & 0x8080_8080_8080_8080 == 0 else { break }
            offset += 16
        }
        while offset < bytes.count, bytes[offset] < 0x80 { offset += 1 }
        return offset
    }
}
