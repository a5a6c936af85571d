/// Reads the elements of a DER encoding (ITU-T X.690) one after another: as much as finding a key in its envelope takes.
struct DERReader {
    enum Tag {
        static let integer: UInt8 = 0x02
        static let bitString: UInt8 = 0x03
        static let octetString: UInt8 = 0x04
        static let objectIdentifier: UInt8 = 0x06
        static let sequence: UInt8 = 0x30
        /// `[0]`, the version of a certificate.
        static let version: UInt8 = 0xA0
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The tag of the next element.
    var tag: UInt8? { rest.first }

    /// The contents of the next element, where it has the tag.
    mutating func read(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.first == tag else { return nil }
        return skip()
    }

    /// The elements of the next sequence.
    mutating func readSequence() -> DERReader? { read(Tag.sequence).map(DERReader.init) }

    /// The contents of the next element, whatever it is.
    mutating func skip() -> ArraySlice<UInt8>? {
        var bytes = rest.dropFirst()
        guard let first = bytes.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            // Up to three bytes of length are far more than any key file has.
            let count = Int(first & 0x7F)
            guard (1...3).contains(count), bytes.count >= count else { return nil }
            length = bytes.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(count)
        }
        guard length <= bytes.count else { return nil }
        rest = bytes.dropFirst(length)
        return bytes.prefix(length)
    }
}
