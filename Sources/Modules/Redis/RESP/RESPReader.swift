import NIOCore

/// Reads what Redis sends, one value at a time.
///
/// Nothing is taken from the buffer before a value is there as a whole. A message costs no allocation.
struct RESPReader {
    /// What is read next.
    enum Element: Equatable {
        case message(RESPMessage)
        case value(RESPValue)
    }

    /// The longest string: more than a gateway ever publishes.
    static let maxString = 512 << 20
    /// The longest line, which an error or a number is.
    static let maxLine = 64 << 10
    /// The most values inside one.
    static let maxElements = 100_000
    /// How deep they nest.
    static let maxDepth = 8

    /// Reads the next value.
    ///
    /// - Parameter buffer: What has come; the value is taken from its front.
    /// - Returns: The value; nil where it has not come as a whole.
    /// - Throws: ``RESPError`` where it is none; nothing that follows can be read then.
    static func read(_ buffer: inout ByteBuffer) throws(RESPError) -> Element? {
        if let message = RESPMessage(readingFrom: &buffer) { return .message(message) }
        var scanner = RESPScanner(buffer)
        // Looked over first: what is not there as a whole makes no arrays, however often it is looked at.
        guard try scanner.skip(depth: 0) else { return nil }
        scanner = RESPScanner(buffer)
        guard let value = try scanner.value(depth: 0) else { return nil }
        buffer.moveReaderIndex(to: scanner.position)
        return .value(value)
    }
}

/// Goes over the bytes of a buffer, taking none.
private struct RESPScanner {
    private let buffer: ByteBuffer
    private(set) var position: Int
    private var elements = 0

    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
        position = buffer.readerIndex
    }

    private var type: UInt8? { buffer.getInteger(at: position) }

    // MARK: Values

    /// Goes over one value; answers whether it is there as a whole.
    mutating func skip(depth: Int) throws(RESPError) -> Bool {
        guard let kind = try kind(depth) else { return false }
        switch kind {
        case .line: return try line() != nil
        case .string:
            guard let length = try number() else { return false }
            guard length >= 0 else { return true }
            return try bytes(length) != nil
        case .list(let perElement):
            guard let count = try number() else { return false }
            for _ in 0..<(max(0, count) * perElement) {
                guard try skip(depth: depth + 1) else { return false }
            }
            return true
        }
    }

    /// Reads one value.
    mutating func value(depth: Int) throws(RESPError) -> RESPValue? {
        guard let type, let kind = try kind(depth) else { return nil }
        switch kind {
        case .line:
            guard let line = try line() else { return nil }
            return try Self.value(type, line)
        case .string:
            guard let length = try number() else { return nil }
            guard length >= 0 else { return .null }
            guard let text = try bytes(length) else { return nil }
            return type == UInt8(ascii: "!") ? .error(String(buffer: text)) : .bytes(text)
        case .list(let perElement):
            guard let count = try number() else { return nil }
            guard count >= 0 else { return .null }
            var values: [RESPValue] = []
            for _ in 0..<(count * perElement) {
                guard let value = try value(depth: depth + 1) else { return nil }
                values.append(value)
            }
            return type == UInt8(ascii: ">") ? .push(values) : .array(values)
        }
    }

    private enum Kind {
        case line
        case string
        case list(perElement: Int)
    }

    private mutating func kind(_ depth: Int) throws(RESPError) -> Kind? {
        guard let type else { return nil }
        guard depth < RESPReader.maxDepth else { throw RESPError(description: "values nest more than \(RESPReader.maxDepth) deep") }
        if depth > 0 { elements += 1 }
        guard elements <= RESPReader.maxElements else { throw RESPError(description: "more than \(RESPReader.maxElements) values in one") }
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ","),
            UInt8(ascii: "("):
            return .line
        case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="): return .string
        case UInt8(ascii: "*"), UInt8(ascii: ">"), UInt8(ascii: "~"): return .list(perElement: 1)
        case UInt8(ascii: "%"): return .list(perElement: 2)
        default: throw RESPError(description: "byte \(type) begins no value")
        }
    }

    private static func value(_ type: UInt8, _ line: ByteBuffer) throws(RESPError) -> RESPValue {
        switch type {
        case UInt8(ascii: "+"): return .bytes(line)
        case UInt8(ascii: "-"): return .error(String(buffer: line))
        case UInt8(ascii: "_"): return .null
        case UInt8(ascii: ":"):
            guard let number = Int(String(buffer: line)) else { throw RESPError(description: "an integer that is none") }
            return .integer(number)
        default: return .other(line)
        }
    }

    // MARK: Bytes

    /// What follows the type, up to the end of the line; nil where that has not come.
    private mutating func line() throws(RESPError) -> ByteBuffer? {
        let start = position + 1
        let length = buffer.writerIndex - start
        guard length > 0 else { return nil }
        let end = buffer.withUnsafeReadableBytes { bytes -> Int? in
            let from = start - buffer.readerIndex
            return bytes[from..<min(bytes.count, from + RESPReader.maxLine + 1)].firstIndex(of: UInt8(ascii: "\r")).map { $0 - from }
        }
        guard let end else {
            guard length <= RESPReader.maxLine else { throw RESPError(description: "a line of more than \(RESPReader.maxLine) bytes") }
            return nil
        }
        guard let feed = buffer.getInteger(at: start + end + 1, as: UInt8.self) else { return nil }
        guard feed == UInt8(ascii: "\n") else { throw RESPError(description: "a carriage return without its line feed") }
        position = start + end + 2
        return buffer.getSlice(at: start, length: end)
    }

    /// The length or count that follows the type; -1 for the nulls of version 2.
    private mutating func number() throws(RESPError) -> Int? {
        guard let digits = try line() else { return nil }
        let number = digits.withUnsafeReadableBytes { bytes -> Int? in
            if bytes.elementsEqual("-1".utf8) { return -1 }
            guard (1...9).contains(bytes.count) else { return nil }
            var number = 0
            for byte in bytes {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return number
        }
        guard let number else { throw RESPError(description: "a length that is none") }
        guard number <= RESPReader.maxString else { throw RESPError(description: "a value of \(number) bytes") }
        return number
    }

    /// So many bytes and the end of the line.
    private mutating func bytes(_ length: Int) throws(RESPError) -> ByteBuffer? {
        guard let text = buffer.getSlice(at: position, length: length),
            let end = buffer.getInteger(at: position + length, as: UInt16.self)
        else { return nil }
        guard end == 0x0D0A else { throw RESPError(description: "a string that does not end where it should") }
        position += length + 2
        return text
    }
}
