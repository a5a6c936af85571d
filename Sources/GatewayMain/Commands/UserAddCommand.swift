import AccountsModule
import ArgumentParser

/// `gateway user add`: a new user.
struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a user and prints the new id.",
        discussion: """
            The password is the first line of standard input: 8 to 1024 bytes. It is never an argument, since every process of the \
            machine may read those.

            EXAMPLES
              gateway user add ann@example.com --role admin
              openssl rand -hex 16 | tee ann.password | gateway user add ann@example.com
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "The e-mail to log in with.")
    var email: String

    @Option(name: .customLong("role"), help: ArgumentHelp("A role, for the claim `roles`. May be given more than once.", valueName: "name"))
    var roles: [String] = []

    func run() async throws {
        let accounts = try OfflineAccounts(configuration)
        let password = try await PasswordPrompt.read()
        let id = try await accounts.use { try await $0.add(email, password: password, roles: roles) }
        Invocation.current.terminal.output(id)
    }
}
