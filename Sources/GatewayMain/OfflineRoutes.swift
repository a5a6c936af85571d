import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging
import NIOPosix

/// Learns what a configuration answers over HTTP without serving: makes its modules, and starts none.
enum OfflineRoutes {
    /// The routes of `pipeline.http`, in its order.
    ///
    /// - Throws: `ExitCode` where a module cannot be made, once it has been told why.
    static func routes(of checked: CheckedConfiguration) throws -> [HTTPRoute] {
        let pipeline = checked.configuration.pipeline
        let (capabilities, shared) = (Capabilities(), SharedState())
        let isLoopback = ["127.0.0.1", "::1", "localhost"].contains(checked.configuration.core.server.host)
        var made: [String: any Module] = [:]
        for configured in pipeline.inOrderOfNeed {
            let context = ModuleContext(
                instance: configured.instance, logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() },
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, clock: .system, shared: shared, capabilities: capabilities,
                isLoopback: isLoopback, publisher: NoPublisher())
            do {
                made[configured.instance] = try configured.make(context)
            } catch let error as ModuleError {
                checked.report.print([configured.diagnostic(for: error)])
                throw ExitCode(ExitStatus.configuration)
            }
        }
        return pipeline.stages[.http, default: []].flatMap { (made[$0.instance] as? any HTTPModule)?.routes ?? [] }
    }
}
