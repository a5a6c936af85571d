internal import GatewayKit
internal import NIOCore

/// What a client sent: a whole message, or a control frame.
enum IncomingFrame: Equatable {
    /// A message, unmasked and put together from its fragments; text is valid UTF-8.
    case message(MessageOpcode, ByteBuffer)
    /// A ping, with what the pong has to repeat.
    case ping(ByteBuffer)
    case pong
    /// A valid close frame; nil where it has no code.
    case close(code: UInt16?)
}
