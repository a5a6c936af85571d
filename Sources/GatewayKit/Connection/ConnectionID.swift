/// Names a connection: a random UUID (RFC 9562, version 4).
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high & ~0xF000 | 0x4000
        self.low = low & ~(3 << 62) | 1 << 63
    }

    /// A new id from the system's source of randomness.
    public static func random() -> ConnectionID {
        var generator = SystemRandomNumberGenerator()
        return ConnectionID(high: generator.next(), low: generator.next())
    }

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
