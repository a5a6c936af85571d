import ArgumentParser
import GatewayConfiguration
import GatewayHTTP
import GatewayKit
import GatewayServer
import Logging
import NIOPosix

/// Learns what a configuration answers over HTTP without serving: makes its modules, and starts none.
enum OfflineRoutes {
    /// The routes of `pipeline.http` and those of health, by path.
    ///
    /// - Throws: `ExitCode` where a module cannot be made, once it has been told why; `CommandFailure` where two answer the same.
    static func routes(of checked: CheckedConfiguration) throws -> [HTTPRoute] {
        let pipeline = checked.configuration.pipeline
        let (capabilities, shared) = (Capabilities(), SharedState())
        var made: [String: any Module] = [:]
        for configured in pipeline.inOrderOfNeed {
            let context = ModuleContext(
                instance: configured.instance, logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() },
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, clock: .system, shared: shared, capabilities: capabilities,
                isLoopback: checked.configuration.core.isLoopback, endpoint: checked.configuration.core.server.path,
                publisher: NoPublisher())
            do {
                made[configured.instance] = try configured.make(context)
            } catch let error as ModuleError {
                checked.report.print([configured.diagnostic(for: error)])
                throw ExitCode(ExitStatus.configuration)
            }
        }
        let routes = pipeline.stages[.http, default: []].flatMap { (made[$0.instance] as? any HTTPModule)?.routes ?? [] }
        do {
            return try HTTPRouter(HealthRoutes.make { .starting } + routes).routes
        } catch {
            throw CommandFailure(
                "pipeline.http: \(error)", help: "let each path be answered by one module", status: ExitStatus.configuration)
        }
    }
}
