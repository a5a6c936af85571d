import NIOCore
import Synchronization

/// Where other loops leave events for one loop: the one hand-over between loops, a lock and a wake-up a batch, not a message.
///
/// Bounded: ``isFull`` is asked before an event is taken, so what was taken is never refused here.
final class Mailbox: Sendable {
    /// Bytes that may wait; a turn's batch may go over it once.
    static let maxBytes = 64 << 20

    private let contents = Mutex(ByteBuffer())
    private let size = Atomic<Int>(0)
    private let maxBytes: Int

    init(maxBytes: Int = Mailbox.maxBytes) { self.maxBytes = maxBytes }

    var isFull: Bool { size.load(ordering: .relaxed) >= maxBytes }

    /// Appends a batch of records.
    ///
    /// - Returns: Whether the owner has to be woken.
    func put(_ batch: ByteBuffer) -> Bool {
        contents.withLock { contents in
            let wasEmpty = contents.readableBytes == 0
            contents.writeImmutableBuffer(batch)
            size.store(contents.readableBytes, ordering: .relaxed)
            return wasEmpty
        }
    }

    /// Takes everything; `spare` becomes the next buffer to fill, so that two buffers serve for good.
    func take(spare: ByteBuffer) -> ByteBuffer {
        contents.withLock { contents in
            let taken = contents
            contents = spare
            contents.clear()
            size.store(0, ordering: .relaxed)
            return taken
        }
    }
}
