import NIOCore

/// The read buffer that all connections of a loop share: an idle connection keeps none of its own.
///
/// A buffer is given away for a read and comes back when its bytes have been dealt with. Not Sendable.
final class ReadBuffers {
    static let size = 1 << 16
    private var spare: ByteBuffer?

    /// A buffer nobody else writes to.
    ///
    /// One whose bytes somebody still holds is replaced by `clear`.
    func take(_ allocator: ByteBufferAllocator) -> ByteBuffer {
        guard var buffer = spare else { return allocator.buffer(capacity: Self.size) }
        spare = nil
        buffer.clear()
        return buffer
    }

    func giveBack(_ buffer: ByteBuffer) {
        if spare == nil, buffer.capacity >= Self.size { spare = buffer }
    }
}

@available(*, unavailable)
extension ReadBuffers: Sendable {}

/// NIO's view of the shared buffer.
///
/// NIO keeps the first buffer that it gets for itself, so that is a small one, for the request head.
struct ReadAllocator: RecvByteBufferAllocator {
    let buffers: NIOLoopBound<ReadBuffers>
    private var isFirst = true
    private static let headSize = 512

    init(buffers: NIOLoopBound<ReadBuffers>) { self.buffers = buffers }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        isFirst ? allocator.buffer(capacity: Self.headSize) : buffers.value.take(allocator)
    }

    /// "May grow" makes NIO ask for a buffer each time, instead of going on with the one it has.
    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }
}
