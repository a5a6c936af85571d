public import NIOCore

/// Sees whole WebSocket messages, text and binary, before they are read as JSON and before the auth check.
///
/// Stands in the route list. With it a module speaks a protocol of its own over the gateway's connections.
public protocol FrameStage: Module {
    /// Decides on one message.
    ///
    /// - Parameters:
    ///   - message: The message, unmasked and put together from its fragments.
    ///   - connection: The connection; on its event loop. Answer by ``Connection/send(_:opcode:)``.
    /// - Returns: Whether the message goes on to the next module.
    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict
}

/// One whole WebSocket message.
public struct FrameMessage: Sendable {
    /// Text or binary.
    public let opcode: MessageOpcode
    /// The payload; valid UTF-8 where the message is text.
    public let payload: ByteBuffer

    /// Makes a message.
    public init(opcode: MessageOpcode, payload: ByteBuffer) {
        self.opcode = opcode
        self.payload = payload
    }
}

/// The kinds of WebSocket messages (RFC 6455, 5.6).
public enum MessageOpcode: UInt8, Sendable {
    /// UTF-8 text.
    case text = 1
    /// Any bytes.
    case binary = 2
}

/// What a ``FrameStage`` answers.
public enum FrameVerdict: Sendable {
    /// Not for this module; the next one is asked, at last the gateway's own protocol.
    case proceed
    /// The module has dealt with the message.
    case handled
    /// The client gets an error frame.
    case refuse(Rejection)
    /// The verdict comes with the future.
    case later(EventLoopFuture<FrameVerdict>)
}
