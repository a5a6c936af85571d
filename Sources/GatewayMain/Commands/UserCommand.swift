import ArgumentParser

/// `gateway user`: who can log in.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Adds, lists, changes and removes the users of the module accounts.",
        discussion: """
            Works on the database of the configuration, whether the gateway runs or not; remove, passwd and roles tell one that runs by its \
            admin.socket.

            EXAMPLES
              gateway user add ann@example.com --role admin
              gateway user list
            """,
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserRemoveCommand.self, UserPasswordCommand.self, UserRolesCommand.self,
        ])

    func run() throws { throw CleanExit.helpRequest(self) }
}
