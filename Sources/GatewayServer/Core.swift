import GatewayKit
import Logging
import NIOCore
import Synchronization

/// What all loops share: clocks, mailboxes, budgets.
///
/// Sendable; what a reload changes lies behind locks and atomics.
final class Core: Sendable {
    let clock: GatewayClock
    let logger: Logger
    let eventLoops: [any EventLoop]
    let mailboxes: [Mailbox]
    /// One for each loop, for who watches them from outside.
    let watches: [LoopWatch]
    let budgets: Budgets
    let refusals: RefusalLog
    let connectionCounts = ConnectionCounts()
    let revocationTallies = RevocationTallies()
    let probe = AdapterProbe()
    let admission: Admission
    let tls: TLSContext?
    let routes = RunningRoutes()
    /// Looks after the loops, as long as the core is there.
    private let watching: RepeatedTask
    private let present: Mutex<CoreSettings>
    /// Set once all loops are made; the loops' own objects, each to be touched on its loop alone.
    private let shards = Mutex<[NIOLoopBound<Shard>]>([])

    init(
        settings: CoreSettings, clock: GatewayClock, logger: Logger, eventLoops: [any EventLoop], tls: TLSContext?,
        mailboxBytes: Int = Mailbox.maxBytes
    ) {
        present = Mutex(settings)
        self.clock = clock
        self.logger = logger
        self.eventLoops = eventLoops
        self.tls = tls
        mailboxes = eventLoops.map { _ in Mailbox(maxBytes: mailboxBytes) }
        watches = eventLoops.map { _ in LoopWatch() }
        budgets = Budgets(settings.limits)
        refusals = RefusalLog(logger: logger)
        admission = Admission(settings: settings)
        watching = Watchdog(watches, logger).begin()
    }

    deinit { watching.cancel() }

    /// The settings in force, for who is on no loop; each ``Shard`` has its own copy.
    var settings: CoreSettings { present.withLock { $0 } }

    /// Puts new settings in force for what all loops share.
    ///
    /// What is over a lowered limit stays.
    func adopt(_ settings: CoreSettings) {
        present.withLock { $0 = settings }
        budgets.adopt(settings.limits)
        admission.adopt(settings)
    }

    private let life = Atomic<Life>(.serving)
    private let turns = Atomic<UInt64>(0)
    /// Sockets that are open, in whatever phase.
    let sockets = Atomic<Int>(0)

    /// Whether `server.port` is open.
    let hasStarted = Atomic<Bool>(false)

    /// Whether new connections are refused.
    var isClosingDoor: Bool { life.load(ordering: .relaxed) != .serving }
    /// Whether publishes are refused too.
    var isDraining: Bool { life.load(ordering: .relaxed).rawValue >= Life.draining.rawValue }
    /// Whether the loops answer no more.
    var isStopped: Bool { life.load(ordering: .relaxed) == .stopped }
    func advance(to next: Life) { life.store(next, ordering: .relaxed) }

    /// How many sessions a loop has.
    func sessionCount(_ index: Int) async -> Int {
        let bound = shards.withLock { $0[index] }
        return (try? await eventLoops[index].submit { bound.value.sessions.count }.get()) ?? 0
    }

    func setShards(_ made: [NIOLoopBound<Shard>]) { shards.withLock { $0 = made } }

    /// A loop's shard, to be touched on the loop alone.
    func shard(_ index: Int) -> NIOLoopBound<Shard> { shards.withLock { $0[index] } }

    /// Runs `body` on a loop with its shard.
    func onShard(_ index: Int, _ body: @escaping @Sendable (Shard) -> Void) {
        let bound = shards.withLock { $0[index] }
        eventLoops[index].execute { body(bound.value) }
    }

    /// Runs `body` with the shard of one loop after another.
    func onSomeShard(_ body: @escaping @Sendable (Shard) -> Void) {
        onShard(nextIndex(), body)
    }

    /// The loop whose turn it is to take something that concerns none of them more than the others.
    func nextIndex() -> Int {
        let turn = turns.wrappingAdd(1, ordering: .relaxed).oldValue
        return Int(turn % UInt64(max(1, eventLoops.count)))
    }

    /// Runs `body` on every loop, and completes when all have.
    func onEveryShard(_ body: @escaping @Sendable (Shard) -> Void) async {
        for (index, eventLoop) in eventLoops.enumerated() {
            let bound = shards.withLock { $0[index] }
            try? await eventLoop.submit { body(bound.value) }.get()
        }
    }

    /// Whether a look at every session is about to begin.
    private let isLookAsked = Atomic<Bool>(false)

    /// Something was revoked: whoever came with it goes soon.
    ///
    /// Many revocations at once take one look. Callable on any thread.
    func revoked() {
        guard !isLookAsked.exchange(true, ordering: .acquiringAndReleasing) else { return }
        Task {
            _ = isLookAsked.exchange(false, ordering: .acquiringAndReleasing)
            await sendRevokedAway()
        }
    }

    /// Returns once every loop has looked at each of its sessions, and sent away those whose token is revoked.
    func sendRevokedAway() async {
        let looks = shards.withLock { $0 }.enumerated().map { index, bound in
            eventLoops[index].flatSubmit { bound.value.revocationPass.run() }
        }
        for look in looks { try? await look.get() }
    }

    /// Whether one of the other loops cannot take more events.
    func isAnyMailboxFull(but index: Int) -> Bool {
        for (other, mailbox) in mailboxes.enumerated() where other != index && mailbox.isFull { return true }
        return false
    }

    /// Leaves a turn's events for the other loops.
    func handOver(_ batch: ByteBuffer, from shard: Shard) {
        for (index, mailbox) in mailboxes.enumerated() where index != shard.index {
            if mailbox.put(batch) { onShard(index) { $0.readMail() } }
        }
    }

    /// Where a budget of the process is exceeded, the connection that holds most of it goes; asked at every tick of every loop.
    func enforceBudgets(_ shard: Shard) {
        if budgets.queued.isExceeded { shard.abortSlowestLeaving() }
        if budgets.queued.isLargest(shard.index, holds: { shard.largestBacklog }) { shard.closeSlowest() }
        if budgets.inbound.isLargest(shard.index, holds: { shard.largestInbound }) { shard.closeLargestInbound() }
    }
}

/// How far a shutdown has come.
enum Life: UInt8, AtomicRepresentable, Sendable {
    /// Everything as usual.
    case serving
    /// The grace: who is there goes on, nobody new gets in.
    case closingDoor
    /// The clients are being sent away.
    case draining
    /// Nothing runs any more.
    case stopped
}
