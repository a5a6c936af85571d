import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging

/// Runs a simulation on the effective configuration, and tells the operator what is wrong with that.
enum OfflineSimulation {
    /// What becomes of a client.
    ///
    /// - Throws: `ExitCode` with status 78 where the configuration is at fault, once that is printed.
    static func run(_ request: SimulatedRequest, _ options: ConfigurationOptions) async throws -> SimulationReport {
        let checked = try options.load { request.meets($0) }
        let loaded = checked.configuration
        let logger = Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() }
        do {
            var report = try await Simulation(loaded.core, pipeline: loaded.pipeline, logger: logger).run(request)
            report.hide(loaded.secretTexts(modules: Invocation.current.modules))
            return report
        } catch let failure as ConfigurationFailure {
            checked.report.print([failure.diagnostic(in: loaded.root)])
            throw ExitCode(ExitStatus.configuration)
        }
    }
}
