import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging
import NIOPosix

/// Signs tokens without a running gateway: makes the one module that can, and asks it.
enum TokenMint {
    /// Signs a token with the key of the configuration.
    ///
    /// - Throws: `CommandFailure` where no module of the pipeline signs tokens, `ExitCode` where the one that does cannot.
    static func token(_ request: TokenRequest, _ checked: CheckedConfiguration) async throws -> String {
        let name = Capability<any TokenIssuer>.tokenIssuer.name
        let modules = Stage.allCases.flatMap { checked.configuration.pipeline.stages[$0] ?? [] }
        guard let configured = modules.first(where: { $0.type.provides.contains(name) }) else {
            throw CommandFailure(
                "no module of the pipeline signs tokens", help: "put a module that does into the pipeline: auth: [jwt]",
                status: ExitStatus.configuration)
        }
        let capabilities = Capabilities()
        let context = ModuleContext(
            instance: configured.instance, logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, clock: .system, shared: SharedState(), capabilities: capabilities,
            publisher: NoPublisher())
        do {
            let module = try configured.make(context)
            try await module.start()
            guard let issuer = capabilities.value(name) as? any TokenIssuer else {
                throw ModuleError("\(configured.instance) signs no tokens here", code: .missingProvider)
            }
            let token = try await issuer.issueToken(subject: request.user, claims: request.claims, timeToLive: request.timeToLive)
            await module.stop()
            return token
        } catch let error as ModuleError {
            checked.report.print([configured.diagnostic(for: error)])
            throw ExitCode(ExitStatus.configuration)
        }
    }
}
