import GatewayKit
import Glibc
import Logging
import NIOCore

/// Everything that one event loop owns: its time, its connections, its subscriptions, the bytes of its turn.
///
/// Touched by nothing but its loop; other loops reach it through its ``Mailbox``.
final class Shard {
    let eventLoop: any EventLoop
    let index: Int
    let core: Core
    let time: TurnTime
    let deadlines: DeadlineWheel
    let subscriptions: SubscriptionIndex
    let arena = ByteArena()
    let readBuffers = ReadBuffers()
    /// The present generation of modules; a reload swaps it.
    var generation: Generation
    /// The settings in force, which a reload swaps too.
    var settings: CoreSettings
    /// What `server.port` serves.
    var site: Site
    /// `limits.max_queue` in bytes, close at hand for each delivery.
    var maxQueue: Int
    /// Subscribes of one connection: twice `max_subscriptions` at once, a tenth of that back each second.
    var topicRate: TokenRate
    /// Unsubscribes, pings and auths of one connection: ten times that.
    var floodRate: TokenRate
    /// How many generations have been taken over after the first.
    var adoptions = 0
    /// The pass over subscriptions that an older generation granted; nil where there are none.
    var reevaluation: ReevaluationPass?
    /// Replies are put together here before their length is known.
    var scratch = ByteBuffer()
    /// Frames of one read, reused.
    var incoming: [IncomingFrame] = []
    /// The connections that have got their 101 and are not closing.
    var sessions: [ObjectIdentifier: Session] = [:]
    /// Those that are closing, until everything for them has been written.
    var leaving: [ObjectIdentifier: Session] = [:]
    /// Connections of which no byte of a request has come, or none of a further one.
    var idle: [ObjectIdentifier: SocketHandler] = [:]
    /// Requests whose body is coming.
    var bodies: [ObjectIdentifier: HTTPExchange] = [:]
    /// What the loop counts for the metrics.
    var counters = ShardCounters()
    let stageTimes = StageTimes()
    let watch: LoopWatch
    /// Patterns that the adapter has not answered about.
    var interests: [TopicPattern: PendingInterest] = [:]
    /// What goes to the other loops at the end of the turn.
    var outgoing = ByteBuffer()
    /// What has ended in this turn, of which the modules are told at its end.
    var untoldEnds: [UntoldEnd] = []

    private(set) lazy var revocationPass = RevocationPass(shard: self)

    private var large: [ByteBuffer] = []
    private var largeBytes = 0
    private var dirty = ContiguousArray<Outbox>()
    private var flushing = ContiguousArray<Outbox>()
    private var isTurnEndScheduled = false
    /// Made once, so that a turn allocates nothing.
    private lazy var turnEnd: @Sendable () -> Void = { [bound = NIOLoopBound(Weak(self), eventLoop: eventLoop)] in
        guard let shard = bound.value.shard else { return }
        shard.tellEnds()
        shard.isTurnEndScheduled = false
        shard.endTurn()
    }
    private var spareMail = ByteBuffer()
    private var timestampText = TimestampText()
    private var vectors: [iovec] = []
    private var ticker: RepeatedTask?
    /// When the next tick should come, by the machine's clock: a test's would show no lag.
    private var tickDue: NIODeadline?

    /// A frame from here on is not copied into the arena.
    static let largeFrame = 16 << 10
    /// Linux takes no more at once (IOV_MAX).
    private static let maxVectors = 1024
    /// A turn that brings more is sent before it ends.
    private static let maxTurnBytes = 1 << 20

    private final class Weak {
        weak var shard: Shard?
        init(_ shard: Shard) { self.shard = shard }
    }

    init(eventLoop: any EventLoop, index: Int, core: Core, generation: Generation) {
        self.eventLoop = eventLoop
        self.index = index
        self.core = core
        watch = core.watches[index]
        self.generation = generation
        settings = core.settings
        site = .gateway(settings)
        maxQueue = settings.limits.maxQueue.bytes
        (topicRate, floodRate) = TokenRate.ofTopics(settings.limits)
        time = TurnTime(clock: core.clock)
        deadlines = DeadlineWheel(now: time.now)
        subscriptions = SubscriptionIndex()
    }

    /// Starts the tick that deadlines are compared at.
    func start() {
        watch.tick(NIODeadline.now())
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: DeadlineWheel.tick, delay: DeadlineWheel.tick) { _ in
            bound.value.tick()
        }
    }

    func stop() {
        ticker?.cancel()
        ticker = nil
        watch.stop()
    }

    /// Looks at what time has brought: deadlines, budgets.
    func tick() {
        let now = NIODeadline.now()
        watch.tick(now)
        if let tickDue { counters.lag.record(max(.zero, now - tickDue)) }
        defer { tickDue = NIODeadline.now() + DeadlineWheel.tick }
        beginTurn()
        deadlines.advance(to: time.now)
        subscriptions.trim()
        core.enforceBudgets(self)
        core.refusals.flush(time.now)
        stageTimes.tick(time.now, core.logger)
    }

    // MARK: The turn

    /// To be called first by everything that the loop starts: a read, a tick, a future that has completed.
    func beginTurn() {
        time.update()
        scheduleTurnEnd()
    }

    /// The same for what may be called within a turn and outside of any.
    func beginTurnIfNone() { if !isTurnEndScheduled { beginTurn() } }

    /// The date as it stands in frames, formatted once a millisecond.
    func withTimestamp<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        timestampText.update(time.timestamp)
        return timestampText.withBytes(body)
    }

    func markDirty(_ outbox: Outbox) {
        dirty.append(outbox)
        scheduleTurnEnd()
    }

    /// Sends now what would go at the end of the turn, where that has become much.
    func flushIfLarge() {
        if arena.count + largeBytes > Self.maxTurnBytes { endTurn() }
    }

    private func scheduleTurnEnd() {
        guard !isTurnEndScheduled else { return }
        isTurnEndScheduled = true
        eventLoop.execute(turnEnd)
    }

    private func endTurn() {
        if outgoing.readableBytes > 0 {
            core.handOver(outgoing, from: self)
            outgoing.clear()
        }
        // Flushing may queue more (a close after the last write): those go with the next turn.
        swap(&dirty, &flushing)
        for outbox in flushing { outbox.flush() }
        flushing.removeAll(keepingCapacity: true)
        guard dirty.isEmpty else { return }
        arena.reset()
        large.removeAll(keepingCapacity: true)
        largeBytes = 0
    }

    // MARK: Bytes of the turn

    func withBytes<Result>(of piece: Outbox.Piece, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if piece.large < 0 {
            return body(UnsafeRawBufferPointer(start: arena.base + piece.start, count: piece.end - piece.start))
        }
        return large[piece.large].withUnsafeReadableBytes { body(UnsafeRawBufferPointer(rebasing: $0[piece.start..<piece.end])) }
    }

    func largeSlice(_ piece: Outbox.Piece) -> ByteBuffer {
        let buffer = large[piece.large]
        return buffer.getSlice(at: buffer.readerIndex + piece.start, length: piece.end - piece.start) ?? ByteBuffer()
    }

    func addLarge(_ frame: ByteBuffer) -> Int {
        largeBytes += frame.readableBytes
        large.append(frame)
        return large.count - 1
    }

    /// One `sendmsg` for several pieces; answers what the socket took, or a negative number.
    func sendPieces(_ pieces: ContiguousArray<Outbox.Piece>, to socket: CInt) -> Int {
        vectors.removeAll(keepingCapacity: true)
        for piece in pieces.prefix(Self.maxVectors) {
            withBytes(of: piece) { bytes in
                vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
            }
        }
        return vectors.withUnsafeMutableBufferPointer { vectors in
            var message = msghdr()
            message.msg_iov = vectors.baseAddress
            message.msg_iovlen = vectors.count
            return sendmsg(socket, &message, CInt(MSG_DONTWAIT | MSG_NOSIGNAL))
        }
    }

    // MARK: Budgets

    func queueChanged(by difference: Int) {
        if difference != 0 { core.budgets.queued.add(difference) }
    }

    func inboundChanged(by difference: Int) {
        if difference != 0 { core.budgets.inbound.add(difference) }
    }

    // MARK: Mail

    /// Reads what the other loops left.
    func readMail() {
        beginTurn()
        var mail = ByteBuffer()
        swap(&mail, &spareMail)
        mail.clear()
        core.mailboxes[index].take(&mail)
        while let record = EventRecord.read(&mail) {
            deliver(record)
            flushIfLarge()
        }
        if mail.capacity <= 1 << 20 { spareMail = mail }
    }
}

@available(*, unavailable)
extension Shard: Sendable {}
