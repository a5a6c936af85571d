internal import GatewayKit

/// The kinds of frames (RFC 6455, 5.2).
enum FrameOpcode: UInt8 {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue & 0x8 != 0 }

    /// The kind of message that a frame of this kind begins; nil for continuations and control frames.
    var message: MessageOpcode? { MessageOpcode(rawValue: rawValue) }
}
