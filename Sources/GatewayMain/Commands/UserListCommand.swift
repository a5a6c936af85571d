import AccountsModule
import ArgumentParser
import Foundation
import GatewayKit

/// `gateway user list`: all users.
struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the users: id, when added, e-mail, roles.",
        discussion: """
            EXAMPLE
              gateway user list --profile dev
            """)

    @OptionGroup var configuration: ConfigurationOptions

    func run() async throws {
        let terminal = Invocation.current.terminal
        let accounts = try OfflineAccounts(configuration)
        // Who only looks makes no database.
        let isThere = FileManager.default.fileExists(atPath: accounts.file.path)
        let users = isThere ? try await accounts.use { try await $0.users() } : []
        guard !users.isEmpty else {
            return terminal.error("no users in \(accounts.file); add one with: gateway user add ann@example.com")
        }
        let rows = users.map { user in
            [user.id, user.createdAt.text, TerminalText.escaped(user.email), TerminalText.escaped(user.roles.joined(separator: " "))]
        }
        let width = rows.map { $0[2].count }.max() ?? 0
        for row in rows {
            let email = row[3].isEmpty ? row[2] : row[2].padding(toLength: width, withPad: " ", startingAt: 0)
            terminal.output([row[0], row[1], email, row[3]].filter { !$0.isEmpty }.joined(separator: "  "))
        }
    }
}
