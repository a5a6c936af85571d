/// What one WebSocket message of a client holds.
enum ClientMessage {
    /// One frame, or a message that is none at all.
    case frame(Result<ClientFrame, FrameDefect>)
    /// A list of frames: well-formed JSON all over, each item an object.
    case batch([Result<ClientFrame, FrameDefect>])
}
