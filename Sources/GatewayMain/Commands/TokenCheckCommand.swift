import ArgumentParser
import GatewayKit
import GatewayServer

/// `gateway token check`: whether the gateway would take a token, and why not.
struct TokenCheckCommand: AsyncParsableCommand, AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tells what a token says, and whether the gateway would take it.",
        discussion: """
            The modules of the auth stage decide, with the keys of the configuration and what has been revoked. Where they refuse,
            the reason is told with the setting to look at. The token itself is not printed.

            EXAMPLES
              gateway token check --profile dev "$TOKEN"
              gateway token mint --user alice | gateway token check -

            The exit status is 0 for a good token, 1 for any other, 64 where the command line makes no sense, 78 where the
            configuration has errors.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "The token; - reads it from standard input, which nobody else on the machine can see.")
    var token: String

    func run() async throws {
        let token = try await reading { try await TokenArgument.read(self.token) }
        let request = SimulatedRequest(.authenticate, credentials: .token(token), address: try SimulationOptions.address("127.0.0.1"))
        let report = try await OfflineSimulation.run(request, configuration)
        let text = TokenText(token: token, report: report, now: GatewayClock.system.timestamp)
        Invocation.current.terminal.output(text.lines.joined(separator: "\n"))
        if !report.isAllowed { throw ExitCode(ExitStatus.failure) }
    }
}
