/// The bytes that one turn of an event loop sends: frames stand one after another, and every receiver shares them.
///
/// A reused block of memory, addressed by offsets, since it may move while it grows. One a loop; not Sendable.
final class ByteArena {
    private(set) var base: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int
    /// What is kept for the next turn; a larger block is given back.
    private static let keptCapacity = 1 << 18

    init() {
        capacity = Self.keptCapacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// The next `length` bytes, uninitialized; the caller writes them all before the next call.
    func extend(by length: Int) -> UnsafeMutableRawPointer {
        if count + length > capacity { grow(to: count + length) }
        defer { count += length }
        return base + count
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        extend(by: bytes.count).copyMemory(from: start, byteCount: bytes.count)
    }

    /// Forgets everything; offsets handed out before are void.
    func reset() {
        count = 0
        guard capacity > Self.keptCapacity else { return }
        base.deallocate()
        capacity = Self.keptCapacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    private func grow(to needed: Int) {
        while capacity < needed { capacity *= 2 }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }
}

@available(*, unavailable)
extension ByteArena: Sendable {}
