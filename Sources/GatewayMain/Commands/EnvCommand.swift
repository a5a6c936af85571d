import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// `gateway env`: the variables that are read.
struct EnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Lists the environment variables that are read: what each holds, and where it goes.",
        discussion: """
            A line says where the value comes from and which setting gets it:
              WEBSOCKET_PORT=4000  # environment; server.port at gateway.yaml:20:9
              JWT_SECRET           # missing; modules.jwt.secret at gateway.yaml:95:13

            The list has the variables of settings, and those that the file names as ${NAME} in what is in force: what a profile \
            overrides is not asked for. At its end stand variables that look like the gateway's and that nobody reads. Secrets are ***.

            EXAMPLES
              gateway env --profile prod
              gateway env --all-profiles
              gateway env --profile prod --json

            The exit status is 0, and 78 where a variable is missing or holds what its setting cannot take.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Flag(help: "Lists the variables of every profile.")
    var allProfiles = false

    @Flag(help: "Prints JSON on standard output, findings included.")
    var json = false

    func run() throws {
        let result = configuration.read(profile: configuration.chosenProfile, checksAllProfiles: allProfiles, listsVariables: true)
        // What else may be wrong with the file is for `gateway check`; without the list, all of it is told.
        let findings = result.inventories.isEmpty ? result.diagnostics : result.diagnostics.filter(Self.isAboutVariables)
        let listing = VariableListing(
            file: configuration.config, inventories: result.inventories, environment: Invocation.current.environment,
            profileOption: configuration.profile)
        let terminal = Invocation.current.terminal
        if json {
            terminal.output(listing.json(findings))
        } else {
            if !result.inventories.isEmpty { terminal.output(listing.text(isColoured: terminal.outputHasColor)) }
            DiagnosticReport(result).print(findings)
        }
        if findings.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.configuration) }
    }

    private static func isAboutVariables(_ diagnostic: Diagnostic) -> Bool {
        if diagnostic.code == .unsetVariable { return true }
        // The warning about a name that nobody reads stands in the list.
        guard diagnostic.severity == .error, case .environment = diagnostic.place.origin else { return false }
        return true
    }
}
