import ArgumentParser
import GatewayConfiguration
import GatewayHTTP
import GatewayKit
import GatewayServer
import NIOCore

/// `gateway openapi`: the HTTP API for programs that make clients and tests of it.
struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Prints the HTTP API as OpenAPI 3.1.",
        discussion: """
            The document has what the modules of pipeline.http answer with this configuration. Nothing is served.

            EXAMPLES
              gateway openapi --profile dev > openapi.json
              gateway openapi --profile dev --server https://api.example.com
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: ArgumentHelp("Where clients reach the API; without it, what the configuration listens on.", valueName: "url"))
    var server: String?

    func run() throws {
        let checked = try configuration.load()
        let document = Self.document(of: try OfflineRoutes.routes(of: checked), checked.configuration.core.server, at: server)
        Invocation.current.terminal.output(String(buffer: document))
    }

    /// The description of routes, at `url` or where the configuration listens.
    static func document(of routes: [HTTPRoute], _ server: ServerSettings, at url: String? = nil) -> ByteBuffer {
        OpenAPIDocument(title: "gateway", version: GatewayVersion.current, server: url ?? Self.url(server), routes: routes).json
    }

    private static func url(_ server: ServerSettings) -> String {
        // Where any free port is taken, nobody can know it yet: then the API is where the document comes from.
        guard server.port != 0 else { return "/" }
        let host = ["0.0.0.0", "::"].contains(server.host) ? "localhost" : server.host
        return "\(server.tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(server.port)"
    }
}
