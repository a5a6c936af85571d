/// Walks over JSON text (RFC 8259) and checks it: the whole grammar, UTF-8, escapes, depth.
///
/// It decodes nothing and allocates nothing. A value over borrowed memory; every index is checked before it is used.
struct JSONScanner {
    enum Failure: Error, Equatable {
        /// No JSON.
        case malformed
        /// More than ``maxDepth`` levels of brackets.
        case tooDeep
    }

    static let maxDepth = 32

    var position = 0
    // Kept apart: a buffer pointer asks at each access whether it is nil, which is a fifth of the whole scan.
    private let base: UnsafeRawPointer
    let count: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        base = bytes.baseAddress ?? UnsafeRawPointer(("" as StaticString).utf8Start)
        count = bytes.count
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    var isAtEnd: Bool { position >= count }

    /// The byte at an offset that the caller knows to be within the text.
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 {
        assert(0..<count ~= offset)
        return base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The eight bytes at an offset that the caller knows to be within the text, the first one lowest.
    @inline(__always)
    func word(_ offset: Int) -> UInt64 {
        assert(offset >= 0 && count - offset >= 8)
        return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The byte at the position; NUL, which JSON has nowhere, at the end.
    @inline(__always)
    var next: UInt8 { position < count ? byte(position) : 0 }

    /// Steps over white space.
    @inline(__always)
    mutating func skipSpace() {
        // Nearly always there is none, and one comparison says so.
        if next <= UInt8(ascii: " ") { skipWhiteSpace() }
    }

    private mutating func skipWhiteSpace() {
        while position < count {
            switch byte(position) {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    /// Steps over one byte that must be there.
    @inline(__always)
    mutating func expect(_ byte: UInt8) throws(Failure) {
        guard position < count, self.byte(position) == byte else { throw .malformed }
        position += 1
    }

    /// Steps over any value.
    ///
    /// - Parameter depth: The brackets that are open around it.
    /// - Returns: Where it stands, without the white space around it.
    /// - Throws: ``Failure`` where the text is no JSON or too deep.
    @discardableResult
    mutating func readValue(depth: Int) throws(Failure) -> ByteRange {
        skipSpace()
        let start = position
        switch next {
        case UInt8(ascii: "\""): try skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested(depth: depth)
        default: try skipScalar()
        }
        return ByteRange(start, position)
    }

    /// Walks an object that begins at the position, which is behind its closing brace afterwards.
    ///
    /// - Parameters:
    ///   - depth: The brackets that are open around it.
    ///   - body: Called behind each member's colon with its key; has to step over the value.
    /// - Throws: ``Failure`` where the text is no JSON or too deep.
    mutating func readMembers(
        depth: Int, _ body: (inout JSONScanner, JSONString) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(UInt8(ascii: "{"))
        guard depth < Self.maxDepth else { throw .tooDeep }
        skipSpace()
        guard next != UInt8(ascii: "}") else {
            position += 1
            return
        }
        while true {
            skipSpace()
            let key = try readString()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            try body(&self, key)
            skipSpace()
            guard next == UInt8(ascii: ",") else { return try expect(UInt8(ascii: "}")) }
            position += 1
        }
    }

    /// Walks an array that begins at the position, which is behind its closing bracket afterwards.
    ///
    /// - Parameters:
    ///   - depth: The brackets that are open around it.
    ///   - body: Called before each element; has to step over it.
    /// - Throws: ``Failure`` where the text is no JSON or too deep.
    mutating func readElements(depth: Int, _ body: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
        try expect(UInt8(ascii: "["))
        guard depth < Self.maxDepth else { throw .tooDeep }
        skipSpace()
        guard next != UInt8(ascii: "]") else {
            position += 1
            return
        }
        while true {
            skipSpace()
            try body(&self)
            skipSpace()
            guard next == UInt8(ascii: ",") else { return try expect(UInt8(ascii: "]")) }
            position += 1
        }
    }

    /// Steps over a string and says what stands between its quotes.
    mutating func readString() throws(Failure) -> JSONString {
        let start = position + 1
        let hasEscapes = try skipString()
        return JSONString(UnsafeRawBufferPointer(rebasing: bytes[start..<(position - 1)]), hasEscapes: hasEscapes)
    }
}

extension JSONScanner {
    /// Steps over an array or object without recursion: one bit for each open bracket says which it is.
    private mutating func skipNested(depth outer: Int) throws(Failure) {
        var depth = outer
        var objects: UInt64 = 0
        repeat {
            // Here a value has to follow.
            skipSpace()
            switch next {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= Self.maxDepth else { throw .tooDeep }
                let isObject = next == UInt8(ascii: "{")
                objects = objects << 1 | (isObject ? 1 : 0)
                position += 1
                skipSpace()
                if next != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    if isObject { try skipKey() }
                    continue
                }
            case UInt8(ascii: "\""): try skipString()
            default: try skipScalar()
            }
            try closeBrackets(&depth, &objects, outer)
        } while depth > outer
    }

    /// Steps over what follows a value: closing brackets, then a comma and perhaps a key.
    private mutating func closeBrackets(_ depth: inout Int, _ objects: inout UInt64, _ outer: Int) throws(Failure) {
        while depth > outer {
            skipSpace()
            let isObject = objects & 1 == 1
            switch next {
            case UInt8(ascii: ","):
                // An empty bracket comes here at its closing byte, so a comma always stands behind a value.
                position += 1
                if isObject { try skipKey() }
                return
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                position += 1
                objects >>= 1
                depth -= 1
            default: throw .malformed
            }
        }
    }

    private mutating func skipKey() throws(Failure) {
        skipSpace()
        try skipString()
        skipSpace()
        try expect(UInt8(ascii: ":"))
    }
}
