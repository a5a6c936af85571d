/// Names a connection: a random UUID (RFC 9562, version 4).
public struct ConnectionID: Hashable, Comparable, Sendable, LosslessStringConvertible {
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high & ~0xF000 | 0x4000
        self.low = low & ~(3 << 62) | 1 << 63
    }

    /// Reads the usual form.
    ///
    /// - Parameter text: 36 characters, as ``description`` gives them; upper case will do.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        var words: [UInt64] = [0, 0]
        var digits = 0
        for (index, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            words[digits / 16] = words[digits / 16] << 4 | UInt64(digit)
            digits += 1
        }
        self.init(high: words[0], low: words[1])
        // Only what ``random()`` can have made names a connection.
        guard high == words[0], low == words[1] else { return nil }
    }

    /// A new id from the system's source of randomness.
    public static func random() -> ConnectionID {
        var generator = SystemRandomNumberGenerator()
        return ConnectionID(high: generator.next(), low: generator.next())
    }

    /// Orders as the texts do; it says nothing about age.
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }

    /// The usual form: 36 characters, lower case.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            let digits: StaticString = "0123456789abcdef"
            var position = 0
            for (index, shift) in (0..<32).map({ ($0, UInt64(60 - $0 % 16 * 4)) }) {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                text[position] = digits.utf8Start[Int(word >> shift & 15)]
                position += 1
            }
            return position
        }
    }
}
