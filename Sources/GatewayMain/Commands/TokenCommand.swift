import ArgumentParser

/// `gateway token`: access tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Makes access tokens.",
        discussion: """
            EXAMPLE
              gateway token mint --profile dev --user alice
            """,
        subcommands: [TokenMintCommand.self])

    func run() throws { throw CleanExit.helpRequest(self) }
}
