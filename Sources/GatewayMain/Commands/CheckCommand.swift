import ArgumentParser
import GatewayConfiguration
import GatewayServer
import GatewayKit

/// `gateway check`: everything that can be known without serving.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tells whether the configuration is right, without serving.",
        discussion: """
            Reads the file with every profile, and with the chosen one also its variables and files: keys, key sets, certificates.
            Nothing is made. All errors are told in one run.

            --live asks this machine too, for the chosen profile: are the ports and the admin socket free, can the files be written \
            that the gateway writes, does the adapter bring a message back? Nothing stays behind.

            EXAMPLES
              gateway check --profile dev
              gateway check --profile prod --set server.port=8080
              gateway check --profile prod --live
              gateway check --all-profiles --format json

            The exit status is 0 without errors and 78 with them; warnings change nothing.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case human, json
    }

    @OptionGroup var configuration: ConfigurationOptions

    @Flag(help: "Asks for the variables and files of every profile, not of the chosen one alone.")
    var allProfiles = false

    @Flag(help: "Asks this machine too: ports, the admin socket, files, the adapter.")
    var live = false

    @Option(help: "How findings are told: to people on standard error, or as JSON on standard output.")
    var format = Format.human

    func run() async throws {
        let result = configuration.read(profile: configuration.chosenProfile, checksAllProfiles: allProfiles, verifiesFiles: true)
        let objections = result.configuration.map { loaded in
            loaded.pipeline.inOrderOfNeed.compactMap { $0.objection(isLoopback: loaded.core.isLoopback) }
        }
        var findings = result.diagnostics + (objections ?? [])
        var remarks: [String] = []
        if live, let loaded = result.configuration {
            let outcome = await LiveCheck(configuration: loaded).outcome()
            findings += outcome.findings
            remarks = outcome.remarks
        }
        let hasErrors = findings.contains { $0.severity == .error }
        let terminal = Invocation.current.terminal
        switch format {
        case .json: terminal.output(DiagnosticRenderer(result).json(findings))
        case .human:
            DiagnosticReport(result).print(findings)
            remarks.forEach(terminal.output)
            if !hasErrors {
                terminal.output("\(configuration.config) is right\(scope)\(live ? ", and this machine has what it needs" : "")")
            }
        }
        if hasErrors { throw ExitCode(ExitStatus.configuration) }
    }

    private var scope: String {
        if allProfiles { return " in all profiles" }
        return configuration.chosenProfile.map { " in profile \($0)" } ?? ""
    }
}
