import GatewayAdmin
import GatewayKit
import GatewayServer

/// Looks whether a start could listen on `admin.socket`; makes nothing.
struct SocketCheck {
    let core: CoreSettings
    /// The effective tree, for places.
    let root: ConfigurationNode

    /// What stands in the way; nil where nothing does, or where the gateway of this configuration runs.
    func finding() async -> Diagnostic? {
        guard core.admin.enabled, let socket = core.admin.socket, let obstacle = AdminSocket.obstacle(at: socket.path) else { return nil }
        if obstacle.code == .listen, await RunningGateway(core: core).isRunning { return nil }
        return ConfigurationFailure("admin", obstacle).diagnostic(in: root)
    }
}
