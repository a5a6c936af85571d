import GatewayKit
import Logging
import Synchronization

/// What the routes work with; each route is an extension in a file of its own.
final class AccountService: Sendable {
    /// How many refreshes and logouts may be under way.
    private static let maxExchanges = 256
    private static let maxExchangesPerAddress = 64
    /// How often is looked for revocations that could not be handed over, or that `gateway user` has left.
    private static let deliveryInterval = Duration.seconds(5)

    let settings: AccountsSettings
    private let isTrial: Bool
    let clock: GatewayClock
    let logger: Logger
    let cost: ScryptCost
    let signer: TokenSigner
    let revocations: any TokenRevocations
    let limits: LoginLimits
    let rates: RefreshRates
    let logins: RequestBound
    let exchanges: RequestBound
    let threads: HashThreads
    /// What the password is compared with where there is no such user.
    let dummy: PasswordHash
    private let opened = Mutex<AccountStore?>(nil)
    /// Whether the database was not where it belongs at the last look, which has been told then.
    private let isAway = Atomic<Bool>(false)
    private let delivery = Mutex<Task<Void, Never>?>(nil)

    init(
        settings: AccountsSettings, context: ModuleContext, cost: ScryptCost, issuer: any TokenIssuer, revocations: any TokenRevocations
    ) {
        self.settings = settings
        isTrial = context.isTrial
        self.cost = cost
        self.revocations = revocations
        clock = context.clock
        logger = context.logger
        signer = TokenSigner(
            issuer: issuer, accessTTL: settings.accessTTL, refreshTTL: settings.refreshTTL, clock: context.clock)
        limits = context.state("limits") { LoginLimits() }
        rates = context.state("refreshes") { RefreshRates() }
        logins = RequestBound(limit: settings.hashQueue, share: settings.hashShare)
        exchanges = RequestBound(limit: Self.maxExchanges, share: Self.maxExchangesPerAddress)
        threads = HashThreads(count: settings.hashThreads)
        dummy = .dummy(cost: cost)
    }

    /// Opens the database and finishes what a process before has left; does neither in a trial.
    ///
    /// - Throws: ``ModuleError`` where the database cannot be opened or nothing signs tokens.
    func start() async throws {
        try await signer.check()
        // Opening would make the file, or bring it to another form: a trial answers nobody.
        guard !isTrial else { return }
        let store = try AccountStore(settings.database, logger: logger)
        opened.withLock { $0 = store }
        try await arrangeExample(store)
        try await store.deliverRevocations(to: revocations)
        let task = Task { [weak self] in
            // What could not be handed over is tried again, until stop() cancels the sleep.
            while (try? await Task.sleep(for: Self.deliveryInterval)) != nil { await self?.deliverPending() }
        }
        delivery.withLock { $0 = task }
    }

    func stop() async {
        let task = delivery.withLock { $0.take() }
        task?.cancel()
        await task?.value
        opened.withLock { $0.take() }?.close()
    }

    /// Hands over the revocations that wait; what fails stays for the next time.
    func deliverPending() async {
        guard let store = opened.withLock({ $0 }), isInPlace(store) else { return }
        do {
            try await store.deliverRevocations(to: revocations)
        } catch {
            logger.error("a revocation cannot be handed over, which is tried again", metadata: ["error": "\(error)"])
        }
    }

    /// The database.
    ///
    /// - Throws: ``HTTPRefusal`` with status 503 while the module is not serving, and where the file was moved away.
    func store() throws(HTTPRefusal) -> AccountStore {
        guard let store = opened.withLock({ $0 }) else {
            throw HTTPRefusal(status: 503, .draining, "The gateway is starting or going down", retryAfter: .seconds(1))
        }
        guard isInPlace(store) else {
            throw HTTPRefusal(status: 503, .overloaded, "The users cannot be read now", retryAfter: .seconds(5))
        }
        return store
    }

    /// Whether the database is where it belongs; says so in the log where that has changed.
    private func isInPlace(_ store: AccountStore) -> Bool {
        let isAway = !store.isInPlace
        if self.isAway.exchange(isAway, ordering: .relaxed) != isAway {
            let file: Logger.Metadata = ["file": "\(settings.database)"]
            if isAway {
                logger.error(
                    "the database was moved, replaced or deleted while it was open: put it back, or start the gateway anew", metadata: file)
            } else {
                logger.notice("the database is back", metadata: file)
            }
        }
        return !isAway
    }

    /// Makes the example user, or removes the one of a start before: a file that is used in development may be used elsewhere later.
    private func arrangeExample(_ store: AccountStore) async throws {
        guard settings.exampleUser else { return try await store.removeExample(clock: clock) }
        let email = try EmailAddress(checking: ExampleUser.email)
        guard try await !store.contains(email) else { return }
        let cost = cost
        let password = try await threads.run { try PasswordHash(of: ExampleUser.password, cost: cost) }
        let user = AccountStore.NewUser(email: email, password: password, roles: [], createdAt: clock.timestamp, isExample: true)
        if try await store.add(user) { logger.notice("made the example user, whose password everybody knows") }
    }
}
