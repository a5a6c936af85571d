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
    /// - Throws: `CommandFailure` where no module of the pipeline signs tokens, or what the options ask for cannot be signed; `ExitCode` where
    ///   the module's settings are at fault.
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
            let module = try make(configured.type, configured, context)
            try await module.start()
            guard let issuer = capabilities.value(name) as? any TokenIssuer else {
                throw ModuleError("\(configured.instance) signs no tokens here", code: .missingProvider)
            }
            let token = try await Self.token(request, issuer)
            await module.stop()
            return token
        } catch let error as ModuleError {
            checked.report.print([configured.diagnostic(for: error)])
            throw ExitCode(ExitStatus.configuration)
        }
    }

    private static func token(_ request: TokenRequest, _ issuer: any TokenIssuer) async throws -> String {
        do {
            return try await issuer.issueToken(subject: request.user, claims: request.claims, timeToLive: request.timeToLive)
        } catch let error as ModuleError where error.setting == nil {
            // No setting is at fault, so what was asked for is.
            throw CommandFailure("--user, --role and --claim: \(error.message)", help: error.help)
        }
    }

    private static func make<M: Module>(_ type: M.Type, _ configured: ConfiguredModule, _ context: ModuleContext) throws -> any Module {
        guard let settings = configured.settings as? M.Settings else {
            throw ModuleError("the settings of \(configured.instance) are of another module")
        }
        return try type.init(settings: settings, context: context)
    }
}
