import GatewayKit

/// Sends every message back to whoever sent it: the smallest module there is.
///
/// It stands in the route list, before the gateway's own protocol, so no message gets past it. `Tests/Conformance/gateway.yaml`
/// uses it to run a WebSocket conformance suite through the real server.
public struct Echo: FrameStage {
    /// Takes no settings.
    public typealias Settings = NoSettings

    /// The name in gateway.yaml.
    public static let name = "echo"
    /// For `gateway modules`.
    public static let summary = "Sends every message back to whoever sent it."

    /// Keeps nothing.
    public init(settings: NoSettings, context: ModuleContext) {}

    /// Answers with the message itself.
    public func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        connection.send(message.payload, opcode: message.opcode)
        return .handled
    }
}
