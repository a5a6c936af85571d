import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// How a verb finds the gateway that runs.
struct AdminOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The Unix socket of the gateway; without it, admin.socket of the configuration.", valueName: "path"))
    var socket: String?

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - configuration: Names the socket, unless an option does; no module of it is looked at.
    ///   - patience: How long an answer may take.
    /// - Returns: The client, which has not asked yet.
    /// - Throws: `ExitCode` for what is wrong with the configuration, `CommandFailure` where it has no socket.
    func client(_ configuration: ConfigurationOptions, patience: Duration) throws -> AdminClient {
        if let socket { return AdminClient(socket: FilePath(socket), patience: patience) }
        let admin = try configuration.load { _ in false }.configuration.core.admin
        guard admin.enabled, let socket = admin.socket else {
            throw CommandFailure(
                "this configuration has no admin.socket, by which a gateway could be asked",
                help: "set admin.socket and start the gateway anew; SIGHUP reloads without one")
        }
        return AdminClient(socket: socket, patience: patience)
    }
}
