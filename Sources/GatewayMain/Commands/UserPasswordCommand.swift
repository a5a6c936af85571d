import AccountsModule
import ArgumentParser

/// `gateway user passwd`: another password.
struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Gives a user another password: sessions end, tokens are worthless at once.",
        discussion: """
            The password is the first line of standard input: 8 to 1024 bytes.
            A gateway that runs closes the user's connections: at once where it has an admin.socket, else within a second.

            EXAMPLE
              gateway user passwd ann@example.com
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "The user's e-mail.")
    var email: String

    func run() async throws {
        let accounts = try OfflineAccounts(configuration, isRevoking: true)
        let password = try await PasswordPrompt.read()
        try await accounts.change { try await $0.setPassword(password, of: email) }
    }
}
