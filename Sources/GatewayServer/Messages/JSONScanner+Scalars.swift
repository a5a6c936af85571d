extension JSONScanner {
    /// Steps over a string; says whether it has escapes.
    @discardableResult
    mutating func skipString() throws(Failure) -> Bool {
        try expect(UInt8(ascii: "\""))
        var hasEscapes = false
        var offset = position
        while true {
            offset = skipPlain(from: offset)
            guard offset < count else { throw .malformed }
            switch byte(offset) {
            case UInt8(ascii: "\""):
                position = offset + 1
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                offset = try skipEscape(from: offset + 1)
            case 0..<0x20:
                throw .malformed
            default:
                let length = UTF8Validator.scalarLength(bytes, at: offset)
                guard length > 0 else { throw .malformed }
                offset += length
            }
        }
    }

    /// Steps over a number or a literal.
    mutating func skipScalar() throws(Failure) {
        switch next {
        case UInt8(ascii: "t"): try skipLiteral("true")
        case UInt8(ascii: "f"): try skipLiteral("false")
        case UInt8(ascii: "n"): try skipLiteral("null")
        default: try skipNumber()
        }
    }

    private mutating func skipLiteral(_ text: StaticString) throws(Failure) {
        let length = text.utf8CodeUnitCount
        guard count - position >= length else { throw .malformed }
        for offset in 0..<length where byte(position + offset) != text.utf8Start[offset] { throw .malformed }
        position += length
    }

    private mutating func skipNumber() throws(Failure) {
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
        if next == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(Failure) {
        let start = position
        var offset = position
        while offset < count, byte(offset) &- UInt8(ascii: "0") <= 9 { offset += 1 }
        guard offset > start else { throw .malformed }
        position = offset
    }

    /// The offset of the first byte that is a quote, a backslash, a control character or not ASCII; eight bytes at a time.
    @inline(__always)
    private func skipPlain(from offset: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var offset = offset
        while count - offset >= 8 {
            let word = word(offset)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // A byte's high bit comes out set where the byte is one of those. Where it is not ASCII, `word` sets it whatever the others do;
            // borrows spoil only bytes above the first that is found, and the first is all we ask for.
            let found = ((quote &- ones) | (backslash &- ones) | (word &- (ones &* 0x20)) | word) & highs
            if found != 0 { return offset + found.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < count {
            let byte = byte(offset)
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 || byte >= 0x80 { break }
            offset += 1
        }
        return offset
    }

    /// The offset behind an escape whose backslash stands before `offset`.
    private func skipEscape(from offset: Int) throws(Failure) -> Int {
        guard offset < count else { throw .malformed }
        switch byte(offset) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return offset + 1
        case UInt8(ascii: "u"):
            guard let unit = JSONString.codeUnit(bytes, at: offset + 1), !UTF16.isTrailSurrogate(unit) else { throw .malformed }
            guard UTF16.isLeadSurrogate(unit) else { return offset + 5 }
            guard count - offset >= 11, byte(offset + 5) == UInt8(ascii: "\\"), byte(offset + 6) == UInt8(ascii: "u"),
                let trail = JSONString.codeUnit(bytes, at: offset + 7), UTF16.isTrailSurrogate(trail)
            else { throw .malformed }
            return offset + 11
        default: throw .malformed
        }
    }
}
