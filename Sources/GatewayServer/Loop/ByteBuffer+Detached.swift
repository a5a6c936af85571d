import NIOCore

extension ByteBuffer {
    /// The readable bytes in a buffer of their own: what waits must not keep the buffer that a whole read came in.
    var detached: ByteBuffer { ByteBuffer(bytes: readableBytesView) }
}
