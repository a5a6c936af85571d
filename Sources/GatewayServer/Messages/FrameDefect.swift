internal import GatewayKit
internal import NIOCore

/// A frame that is not fit to be looked at any further.
struct FrameDefect: Error {
    /// What the client is told.
    let rejection: Rejection
    /// The frame's id with its quotes, where a valid one was found.
    let id: ByteBuffer?
}
