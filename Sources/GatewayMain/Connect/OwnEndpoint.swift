import GatewayConfiguration
import GatewayKit
import GatewayServer

/// Where a client connects to that is given no URL: the gateway of its configuration.
struct OwnEndpoint {
    /// The configuration, read without a look at its modules.
    let configuration: ConfigurationResult<CoreSettings>

    /// What to say where the configuration cannot be used; nil where it can, or where there is none.
    var complaint: String? {
        let isNone = configuration.source == nil && configuration.file == ConfigurationOptions.standardFile
        if configuration.isValid || isNone { return nil }
        let file = TerminalText.escaped(configuration.file)
        return "\(file) does not tell where to connect: it has errors, which `gateway check` shows"
    }

    /// The endpoint as the gateway that runs says it, else as the configuration has it; the standard one without a configuration.
    ///
    /// - Throws: `CommandFailure` where only a gateway that runs would know.
    func url() async throws -> ConnectURL {
        guard let core = configuration.configuration?.core else { return try ConnectURL(ConnectURL.standard) }
        if let endpoint = await RunningGateway(core: core).endpoint { return try ConnectURL(endpoint) }
        guard core.server.port != 0 else {
            throw CommandFailure(
                "server.port is any free one, and no gateway tells which by admin.socket",
                help: "name the URL; the line 'listening on' of the gateway's log has the port")
        }
        return try ConnectURL(core.server.endpoint(port: core.server.port))
    }
}
