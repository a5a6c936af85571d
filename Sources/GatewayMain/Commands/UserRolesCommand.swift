import AccountsModule
import ArgumentParser

/// `gateway user roles`: other roles.
struct UserRolesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles",
        abstract: "Gives a user these roles in place of the ones before.",
        discussion: """
            Tokens with the roles before are worthless at once. Sessions go on: the next refresh gives a token with the new roles.
            A gateway that runs closes the user's connections: at once where it has an admin.socket, else within a second.

            EXAMPLES
              gateway user roles ann@example.com admin editor
              gateway user roles ann@example.com --none
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "The user's e-mail.")
    var email: String

    @Argument(help: "The roles.")
    var roles: [String] = []

    @Flag(help: "Takes all roles away.")
    var none = false

    func validate() throws {
        guard roles.isEmpty == none else { throw ValidationError("give one role at least, or --none alone") }
    }

    func run() async throws {
        try await OfflineAccounts(configuration, isRevoking: true).change { try await $0.setRoles(roles, of: email) }
    }
}
