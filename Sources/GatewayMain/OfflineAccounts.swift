import AccountsModule
import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// The users of the configuration without a running gateway, or beside it: what the verbs of `gateway user` work on.
struct OfflineAccounts {
    private let checked: CheckedConfiguration
    private let settings: AccountsSettings

    /// Reads the configuration and finds the module `accounts` in its pipeline.
    ///
    /// - Parameters:
    ///   - options: What to read.
    ///   - isRevoking: Whether ``change(_:)`` is going to be called.
    /// - Throws: `CommandFailure` where it stands in no stage, `ExitCode` for what is wrong with the configuration.
    init(_ options: ConfigurationOptions, isRevoking: Bool = false) throws {
        let checked = try options.load { type in
            type is Accounts.Type || isRevoking && OfflineProvider.tokenRevocations.isProvider(type)
        }
        let modules = Stage.allCases.flatMap { checked.configuration.pipeline.stages[$0] ?? [] }
        guard let settings = modules.lazy.compactMap({ $0.settings as? AccountsSettings }).first else {
            throw CommandFailure(
                "this configuration has no users: accounts stands in no stage", help: "put it into the pipeline: http: [accounts]",
                status: ExitStatus.configuration)
        }
        self.checked = checked
        self.settings = settings
    }

    /// The path of the database.
    var file: FilePath { settings.database }

    /// Lends the users, for the time of a call.
    ///
    /// - Throws: `CommandFailure` with what the module has to say.
    func use<Result>(_ body: (AccountAdministration) async throws -> Result) async throws -> Result {
        do {
            let accounts = try AccountAdministration(settings, clock: .system)
            defer { accounts.close() }
            return try await body(accounts)
        } catch let error as ModuleError {
            throw CommandFailure(TerminalText.escaped(error.message), help: error.help)
        }
    }

    /// Makes a change after which the user's tokens are worthless, and tells what became of the user's connections.
    ///
    /// Whoever revokes is made first, so that nothing is changed where that fails.
    ///
    /// - Throws: `CommandFailure` with what the module has to say.
    func change(_ body: (AccountAdministration) async throws -> Void) async throws {
        let admin = checked.configuration.core.admin
        let client = admin.enabled ? admin.socket.map { AdminClient(socket: $0) } : nil
        let outcome = try await OfflineProvider.tokenRevocations.use(checked) { offline in
            try await use { accounts in
                // What a verb before could not hand over comes first: its change is made, and trying again would find nothing to change.
                let revocations = SocketRevocations(client, keptBy: offline)
                try await accounts.deliverRevocations(to: revocations)
                revocations.countAnew()
                try await body(accounts)
                try await accounts.deliverRevocations(to: revocations)
                return revocations.outcome
            }
        }
        outcome.tell(Invocation.current.terminal)
        // A token says in which second it was made; one of this second counts as an old one, also if it is made after this verb.
        let rest = 1000 - GatewayClock.system.timestamp.milliseconds % 1000
        try await Task.sleep(for: .milliseconds(rest))
    }
}
