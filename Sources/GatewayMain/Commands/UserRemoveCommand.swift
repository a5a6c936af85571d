import AccountsModule
import ArgumentParser

/// `gateway user remove`: a user less.
struct UserRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a user: sessions end, tokens are worthless at once.",
        discussion: """
            A gateway that runs closes the user's connections: at once where it has an admin.socket, else within a second.

            EXAMPLE
              gateway user remove ann@example.com
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "The user's e-mail.")
    var email: String

    func run() async throws {
        try await OfflineAccounts(configuration, isRevoking: true).change { try await $0.remove(email) }
    }
}
