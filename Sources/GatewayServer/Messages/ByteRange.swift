/// A range of bytes in a payload.
struct ByteRange: Equatable {
    var start: Int32
    var end: Int32

    /// Makes a range; offsets are clamped, which no payload that is accepted needs.
    init(_ start: Int, _ end: Int) {
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: end)
    }

    var count: Int { Int(end) - Int(start) }

    /// The part of `bytes` that the range names; empty where it does not lie within them.
    func slice(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard start >= 0, start <= end, Int(end) <= bytes.count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(end)])
    }
}
