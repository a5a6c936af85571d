import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging
import NIOPosix

/// A capability of the configuration without a running gateway: makes the one module that provides it, and asks that.
struct OfflineProvider<Value: Sendable> {
    let capability: Capability<Value>
    /// What the module does, for people: `signs tokens`.
    let does: String

    /// Whether modules of a type have the capability.
    func isProvider(_ type: any Module.Type) -> Bool { type.provides.contains(capability.name) }

    /// Lends the capability, for the time of a call.
    ///
    /// - Throws: `CommandFailure` where no module of the pipeline has it, `ExitCode` where the one that does fails, once that is printed.
    func use<Result>(_ checked: CheckedConfiguration, _ body: (Value) async throws -> Result) async throws -> Result {
        let modules = Stage.allCases.flatMap { checked.configuration.pipeline.stages[$0] ?? [] }
        guard let configured = modules.first(where: { isProvider($0.type) }) else {
            throw CommandFailure(
                "no module of the pipeline \(does)", help: "put a module that does into the pipeline: auth: [jwt]",
                status: ExitStatus.configuration)
        }
        let capabilities = Capabilities()
        let context = ModuleContext(
            instance: configured.instance, logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, clock: .system, shared: SharedState(), capabilities: capabilities,
            endpoint: checked.configuration.core.server.path, publisher: NoPublisher())
        do {
            let module = try configured.make(context)
            try await module.start()
            guard let value = capabilities.value(capability.name) as? Value else {
                throw ModuleError("\(configured.instance) has no \(capability.name.rawValue) here", code: .missingProvider)
            }
            do {
                let result = try await body(value)
                await module.stop()
                return result
            } catch {
                await module.stop()
                throw error
            }
        } catch let error as ModuleError {
            checked.report.print([configured.diagnostic(for: error)])
            throw ExitCode(ExitStatus.configuration)
        }
    }
}

extension OfflineProvider where Value == any TokenIssuer {
    /// Signs tokens with the key of the configuration.
    static var tokenIssuer: Self { Self(capability: .tokenIssuer, does: "signs tokens") }
}

extension OfflineProvider where Value == any TokenRevocations {
    /// Makes tokens worthless; a running gateway notices within a second.
    static var tokenRevocations: Self { Self(capability: .tokenRevocations, does: "can revoke tokens") }
}
