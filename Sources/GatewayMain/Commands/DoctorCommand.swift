import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// `gateway doctor`: what may go wrong later.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks for what may go wrong with this configuration on this machine: each finding with its cure.",
        discussion: """
            Looks at what gateway check --live does, and at what starts and is doubtful all the same: open files and memory against \
            the limits, proxies that are trusted, who reaches what, files that others may read, the certificate's time, the clock, a \
            gateway that runs and is not ready. Run it on the machine and as the user that the gateway runs as.

            EXAMPLES
              gateway doctor --profile prod
              gateway doctor --profile prod --json

            Errors come first, and each kind in the order of the file. The exit status is 0 without errors, 1 with them, and 78 where the configuration has errors.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Flag(help: "Prints the findings as JSON on standard output.")
    var json = false

    func run() async throws {
        let result = configuration.read(profile: configuration.chosenProfile, verifiesFiles: true)
        guard let loaded = result.configuration else {
            try tell([], of: result, status: ExitStatus.configuration)
            return
        }
        let objections = loaded.pipeline.inOrderOfNeed.compactMap { $0.objection(isLoopback: loaded.core.isLoopback) }
        let live = await LiveCheck(configuration: loaded).outcome()
        let examination = Examination(configuration: loaded, facts: .read(), warnings: result.diagnostics)
        let readiness = await RunningGateway(core: loaded.core).finding(examination)
        let findings =
            objections + live.findings + [readiness].compactMap(\.self) + examination.resources
            + examination.exposure + examination.files
        if !json { live.remarks.forEach(Invocation.current.terminal.output) }
        try tell(findings, of: result, status: ExitStatus.failure)
    }

    /// Prints the findings beside those of the configuration: errors first, then by place.
    private func tell(_ more: [Diagnostic], of result: ConfigurationResult<CoreSettings>, status: Int32) throws {
        let findings = result.adding(more).diagnostics
        let ordered = findings.filter { $0.severity == .error } + findings.filter { $0.severity == .warning }
        let terminal = Invocation.current.terminal
        if json {
            terminal.output(DiagnosticRenderer(result).json(ordered))
        } else {
            DiagnosticReport(result).print(ordered)
            if ordered.isEmpty { terminal.output("nothing found") }
        }
        if ordered.contains(where: { $0.severity == .error }) { throw ExitCode(status) }
    }
}
