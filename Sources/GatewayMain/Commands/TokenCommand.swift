import ArgumentParser

/// `gateway token`: access tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Makes and checks access tokens.",
        discussion: """
            EXAMPLES
              gateway token mint --profile dev --user alice
              gateway token check --profile dev "$TOKEN"
            """,
        subcommands: [TokenMintCommand.self, TokenCheckCommand.self])

    func run() throws { throw CleanExit.helpRequest(self) }
}
