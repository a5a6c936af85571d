/// Reads JSON (RFC 8259) into values: bounded in depth, and strict where readers differ, so that two of them never see two things.
///
/// A key that stands twice, a lone surrogate and a number beyond all bounds are errors; so are two keys that Unicode takes for the same,
/// since a dictionary of Swift keeps one of them. ``readMembers(_:)`` is lenient about what stands below the members.
struct JSONReader {
    private static let maxDepth = 32

    private let maxDepth: Int
    private let isLenient: Bool
    private let bytes: [UInt8]
    private var position = 0

    /// The one value of the text; nil where it is malformed.
    static func read(_ bytes: [UInt8]) -> JSONValue? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var reader = JSONReader(bytes: bytes)
        guard let value = try? reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.position == bytes.count ? value : nil
    }

    /// The members of the one object of the text, each with where its value stands.
    static func readMembers(_ bytes: [UInt8]) throws(JSONDefect) -> [(name: String, value: JSONValue, range: Range<Int>)] {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformed }
        var reader = JSONReader(bytes: bytes, maxDepth: maxDepth - 1, isLenient: true)
        var members: [(name: String, value: JSONValue, range: Range<Int>)] = []
        var names: Set<[UInt8]> = []
        var isDuplicate = false
        reader.skipSpace()
        let isObject = reader.next == UInt8(ascii: "{")
        if isObject {
            try reader.eachMember(depth: 1) { name, value, range in
                if !names.insert(Array(name.utf8)).inserted { isDuplicate = true }
                members.append((name, value, range))
            }
        } else {
            _ = try reader.value(depth: 0)
        }
        reader.skipSpace()
        guard reader.position == bytes.count else { throw .malformed }
        guard isObject else { throw .notObject }
        guard !isDuplicate else { throw .duplicateKey }
        return members
    }

    private init(bytes: [UInt8], maxDepth: Int = maxDepth, isLenient: Bool = false) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.isLenient = isLenient
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func value(depth: Int) throws(JSONDefect) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"):
            guard depth < maxDepth else { throw .tooDeep }
            return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["):
            guard depth < maxDepth else { throw .tooDeep }
            return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONDefect) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        try eachMember(depth: depth) { name, value, _ in members[name] = value }
        return members
    }

    /// Reads an object; `body` gets each member with where its value stands.
    private mutating func eachMember(depth: Int, _ body: (String, JSONValue, Range<Int>) -> Void) throws(JSONDefect) {
        var names: Set<String> = []
        position += 1
        skipSpace()
        if take("}") { return }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw .malformed }
            let name = try string()
            skipSpace()
            guard take(":") else { throw .malformed }
            guard isLenient || names.insert(name).inserted else { throw .duplicateKey }
            skipSpace()
            let start = position
            let value = try value(depth: depth)
            body(name, value, start..<position)
            skipSpace()
        } while take(",")
        guard take("}") else { throw .malformed }
    }

    private mutating func array(depth: Int) throws(JSONDefect) -> [JSONValue] {
        var values: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return values }
        repeat {
            values.append(try value(depth: depth))
            skipSpace()
        } while take(",")
        guard take("]") else { throw .malformed }
        return values
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONDefect) -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw .malformed }
        position += text.utf8.count
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func number() throws(JSONDefect) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        let isWhole = next != UInt8(ascii: ".") && next != UInt8(ascii: "e") && next != UInt8(ascii: "E")
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        let number = Double(text) ?? .infinity
        guard isLenient || number.isFinite else { throw .malformed }
        return .number(number)
    }

    private mutating func digits() throws(JSONDefect) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        if position == start { throw .malformed }
    }

    private mutating func string() throws(JSONDefect) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            case 0..<0x20: throw .malformed
            default: text.append(byte)
            }
        }
        throw .malformed
    }

    private mutating func escape() throws(JSONDefect) -> Unicode.Scalar {
        guard let byte = next else { throw .malformed }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode()
        default: throw .malformed
        }
    }

    /// What follows `\u`: a scalar, or two halves of one.
    private mutating func unicode() throws(JSONDefect) -> Unicode.Scalar {
        let first = try hexadecimal()
        guard (0xD800...0xDBFF).contains(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw .malformed }
            return scalar
        }
        guard take("\\"), take("u") else { throw .malformed }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .malformed }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONDefect) -> UInt32 {
        guard bytes.count - position >= 4 else { throw .malformed }
        var value: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .malformed }
            value = value << 4 | UInt32(truncatingIfNeeded: digit)
        }
        position += 4
        return value
    }
}
