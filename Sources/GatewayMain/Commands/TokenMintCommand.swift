import ArgumentParser
import GatewayKit

/// `gateway token mint`: a token signed by the configured key.
struct TokenMintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mint",
        abstract: "Prints an access token that the configured key has signed.",
        discussion: """
            The token alone goes to standard output, so that it can be handed on:
              TOKEN=$(gateway token mint --profile dev --user alice)

            EXAMPLES
              gateway token mint --profile dev --user alice --role admin --ttl 8h
              gateway token mint --profile dev --user 42 --claim 'teams=["red","blue"]'

            The deployment must hold a key that can sign: a secret, or a private key. Where another service makes the tokens, \
            get them there.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: ArgumentHelp("The user's id.", valueName: "id"))
    var user: String

    @Option(name: .customLong("role"), help: ArgumentHelp("A role, for the claim `roles`. May be given more than once.", valueName: "name"))
    var roles: [String] = []

    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp(
            "A further claim; the value may be JSON, anything else is text. May be given more than once.", valueName: "name=value"))
    var claims: [String] = []

    // Whatever stands behind it is its value, so that -1h is told to be no time at all.
    @Option(parsing: .unconditional, help: ArgumentHelp("How long the token is valid: 15m, 8h, 30d.", valueName: "duration"))
    var ttl = "1h"

    func run() async throws {
        let request = try TokenRequest(user: user, roles: roles, claims: claims, timeToLive: ttl)
        let token = try await request.token(configuration.load { OfflineProvider.tokenIssuer.isProvider($0) })
        Invocation.current.terminal.output(token)
    }
}
