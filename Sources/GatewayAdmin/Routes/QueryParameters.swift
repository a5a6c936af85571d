import GatewayKit

/// The query of a request, decoded.
struct QueryParameters: Sendable {
    private var values: [String: String] = [:]

    /// - Throws: ``HTTPRefusal`` with status 400 where a parameter stands twice or is no UTF-8.
    init(_ query: String) throws(HTTPRefusal) {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw HTTPRefusal(status: 400, .invalidField, "The query is malformed")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw .invalid(name, "must stand once") }
        }
    }

    subscript(name: String) -> String? { values[name] }

    func integer(_ name: String, in range: ClosedRange<Int>, default given: Int) throws(HTTPRefusal) -> Int {
        guard let text = values[name] else { return given }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid(name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func connectionID(_ name: String) throws(HTTPRefusal) -> ConnectionID? {
        guard let text = values[name] else { return nil }
        guard let id = ConnectionID(text) else { throw .invalid(name, "must be the id of a connection") }
        return id
    }

    /// Percent-encoding, and `+` for a space, as forms have it.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        guard byte < 0x80 else { return nil }
        return Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
