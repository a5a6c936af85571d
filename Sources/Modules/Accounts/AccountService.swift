import GatewayKit
import Logging
import Synchronization

/// What the routes work with; each route is an extension in a file of its own.
final class AccountService: Sendable {
    /// How many refreshes and logouts may be under way.
    private static let maxExchanges = 256
    private static let maxExchangesPerAddress = 64

    let settings: AccountsSettings
    let clock: GatewayClock
    let logger: Logger
    let cost: ScryptCost
    let signer: TokenSigner
    let revocations: any TokenRevocations
    let limits: LoginLimits
    let logins: RequestBound
    let exchanges: RequestBound
    let threads: HashThreads
    /// What the password is compared with where there is no such user.
    let dummy: PasswordHash
    private let opened = Mutex<AccountStore?>(nil)

    init(
        settings: AccountsSettings, context: ModuleContext, cost: ScryptCost, issuer: any TokenIssuer, revocations: any TokenRevocations
    ) {
        self.settings = settings
        self.cost = cost
        self.revocations = revocations
        clock = context.clock
        logger = context.logger
        signer = TokenSigner(
            issuer: issuer, accessTTL: settings.accessTTL, refreshTTL: settings.refreshTTL, clock: context.clock)
        limits = context.state("limits") { LoginLimits() }
        logins = RequestBound(limit: settings.hashQueue, share: settings.hashShare)
        exchanges = RequestBound(limit: Self.maxExchanges, share: Self.maxExchangesPerAddress)
        threads = HashThreads(count: settings.hashThreads)
        dummy = .dummy(cost: cost)
    }

    /// Opens the database and finishes what a process before has left.
    ///
    /// - Throws: ``ModuleError`` where the database cannot be opened or nothing signs tokens.
    func start() async throws {
        try await signer.check()
        let store = try AccountStore(settings.database)
        opened.withLock { $0 = store }
        try await arrangeExample(store)
        try await store.deliverRevocations(to: revocations)
    }

    func stop() { opened.withLock { $0.take() }?.close() }

    /// The database.
    ///
    /// - Throws: ``HTTPRefusal`` with status 503 while the module is not serving.
    func store() throws(HTTPRefusal) -> AccountStore {
        guard let store = opened.withLock({ $0 }) else {
            throw HTTPRefusal(status: 503, .draining, "The gateway is starting or going down", retryAfter: .seconds(1))
        }
        return store
    }

    /// Makes the example user, or removes the one of a start before: a file that is used in development may be used elsewhere later.
    private func arrangeExample(_ store: AccountStore) async throws {
        guard settings.exampleUser else { return try await store.removeExample(now: clock.timestamp) }
        let email = try EmailAddress(checking: ExampleUser.email)
        guard try await !store.contains(email) else { return }
        let cost = cost
        let password = try await threads.run { try PasswordHash(of: ExampleUser.password, cost: cost) }
        let user = AccountStore.NewUser(email: email, password: password, roles: [], createdAt: clock.timestamp, isExample: true)
        if try await store.add(user) { logger.notice("made the example user, whose password everybody knows") }
    }
}
