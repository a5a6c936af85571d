import DequeModule
import GatewayKit
import Logging
import NIOCore

// Previous: Frames/FrameDecoder.swift, which cuts messages out of bytes. Next: Pipeline/Generation+Stages.swift, which decides.

/// A connection after its 101: reads messages, runs them through the pipeline, answers.
///
/// On its event loop only.
///
/// Messages are handled one after another: while a module waits with its verdict, the rest stands in ``work`` and nothing is read.
final class Session {
    /// What is left to do while or after a verdict is awaited.
    enum Work {
        /// What has been read and not been looked at.
        case bytes(ByteBuffer)
        case incoming(IncomingFrame)
        /// Why nothing can be read after the frames before it.
        case failure(FrameError)
        case item(Result<ClientFrame, FrameDefect>, index: Int)
        case subscribe(TopicPattern, ReplyTo)
        case unsubscribe(TopicPattern, ReplyTo)
        case reevaluate(Subscription)
        case endOfMessage
    }

    /// How far the closing has come.
    enum Closing {
        case no
        /// The close frame is on its way; the peer's is awaited until then.
        case awaitingPeer(until: NIODeadline)
        /// Nothing more is said or heard; what is due is written until then.
        case flushing(until: NIODeadline)
    }

    let connection: Connection
    let shard: Shard
    let outbox: Outbox
    private(set) weak var handler: SocketHandler?
    var core: Core { shard.core }

    var decoder: FrameDecoder
    var work = Deque<Work>()
    private(set) var isWaiting = false
    private var isWorking = false
    var closing = Closing.no
    var tickets: Tickets

    /// Who publishes, encoded once.
    private(set) lazy var sender = Sender(userID: connection.principal?.userID, connection: connection.id)
    var subscriptions: [TopicPattern: Subscription] = [:]
    var publishes = PendingPublishes()
    var auth = AuthState()
    var strikes = Strikes()
    var topicBudget = TokenBucket()
    var floodBudget = TokenBucket()
    var timing: Timing
    /// Why it closed, for the log.
    var closeReason: Reason?
    /// The code of the close frame; 1006 where there was none (RFC 6455, 7.4.1).
    var closeCode: UInt16 = 1006
    /// Whether the peer's close frame came first.
    var isClosedByPeer = false
    let connectedAt: Timestamp
    private(set) var receivedBytes = 0

    init(connection: Connection, handler: SocketHandler, outbox: Outbox, tickets: Tickets) {
        self.connection = connection
        self.handler = handler
        self.outbox = outbox
        self.tickets = tickets
        shard = handler.shard
        decoder = FrameDecoder(maxMessageSize: 0, ownsReads: true)
        timing = Timing(now: handler.shard.time.now)
        connectedAt = handler.shard.time.timestamp
        limitMessages()
    }

    /// The 101 is on its way.
    func opened() {
        connection.attach(self)
        outbox.attach(self)
        handler.map { shard.deadlines.schedule($0, at: timing.next(self)) }
        shard.tell { $0.opened(connection) }
    }

    // MARK: Receiving

    func receive(_ buffer: ByteBuffer) {
        timing.received(shard.time.now)
        receivedBytes &+= buffer.readableBytes
        shard.counters.bytesReceived &+= buffer.readableBytes
        take(.bytes(buffer))
        shard.flushIfLarge()
    }

    /// Cuts a read into frames and handles them: all at once, or, before auth, one after another, since auth changes how large one may be.
    private func decode(_ buffer: ByteBuffer) {
        var buffer = buffer
        repeat { decodeFrames(&buffer) } while buffer.readableBytes > 0 && !isWaiting
        if buffer.readableBytes > 0 { take(.bytes(buffer)) }
    }

    private func decodeFrames(_ buffer: inout ByteBuffer) {
        var frames = shard.incoming
        shard.incoming = []
        let before = decoder.heldBytes
        var failure: FrameError?
        do throws(FrameError) {
            try decoder.decode(&buffer, into: &frames)
        } catch {
            failure = error
            buffer.moveReaderIndex(to: buffer.writerIndex)
        }
        // What a closing connection sends is not kept, and was given back when the closing began.
        if case .no = closing { shard.inboundChanged(by: decoder.heldBytes - before) }
        for frame in frames { take(.incoming(frame)) }
        frames.removeAll(keepingCapacity: frames.count <= 256)
        shard.incoming = frames
        if let failure { take(.failure(failure)) }
        timing.reading(decoder.isMidMessage ? decoder.unfinishedCount : nil, now: shard.time.now)
        if decoder.isMidMessage { handler.map { shard.deadlines.schedule($0, at: timing.next(self)) } }
    }

    /// Does a piece of work now, or after what is waited for.
    func take(_ item: Work) {
        if isWaiting || !work.isEmpty { work.append(item.detached) } else { perform(item) }
    }

    private func perform(_ item: Work) {
        switch item {
        case .bytes(let buffer): decode(buffer)
        case .incoming(let frame): handle(frame)
        case .failure(let failure): close(failure)
        case .item(let result, let index): handle(result, index: index)
        case .subscribe(let pattern, let reply): subscribe(pattern, reply)
        case .unsubscribe(let pattern, let reply): unsubscribe(pattern, reply)
        case .reevaluate(let subscription): reevaluate(subscription)
        case .endOfMessage: strikes.endMessage()
        }
    }

    private func handle(_ frame: IncomingFrame) {
        if case .close(let code) = frame {
            peerClosed(code)
            return
        }
        guard case .no = closing else { return }
        switch frame {
        case .message(let opcode, let payload): handleMessage(opcode, payload)
        case .ping(let payload): reply(opcode: 10, payload)
        case .pong, .close: break
        }
    }

    // MARK: Waiting

    /// Stops reading until ``resume(_:)``: a verdict is awaited.
    ///
    /// The clocks of what the peer is to do stand still meanwhile.
    func beginWaiting() {
        isWaiting = true
        timing.pause(shard.time.now)
        handler?.pauseReading()
    }

    /// Goes on after a verdict that was awaited: with `body`, then with what has waited, then with reading.
    ///
    /// What `body` brings comes before what has waited. Where it has to wait in its turn, the rest goes on waiting.
    func resume(_ body: () -> Void) {
        shard.beginTurn()
        // The auth deadline does not stand still: what comes after it is dropped.
        guard isWaiting, case .no = closing else { return }
        isWaiting = false
        timing.resume(shard.time.now)
        putFirst(body)
        guard !isWorking else { return }
        isWorking = true
        while !isWaiting, let item = work.popFirst() { putFirst { perform(item) } }
        isWorking = false
        if !isWaiting { handler?.resumeReading() }
    }

    /// Runs `body`, and puts what it brings (the topics of a frame, the items of a batch) before what stood there.
    private func putFirst(_ body: () -> Void) {
        var rest = Deque<Work>()
        swap(&rest, &work)
        body()
        if work.isEmpty { swap(&rest, &work) } else { work.append(contentsOf: rest) }
    }

    // MARK: The end

    /// Gives back what the connection holds: its subscriptions, and its places unless something is still queued for it.
    ///
    /// Once; nothing is delivered any more.
    func release() {
        guard shard.sessions.removeValue(forKey: ObjectIdentifier(self)) != nil else { return }
        shard.leaving[ObjectIdentifier(self)] = self
        // Before the last frame is on its way: a client that comes back at once finds its place free.
        if outbox.backlogBytes == 0 { tickets.releaseAll(shard) } else { outbox.notifyWhenEmpty { [self] in emptied() } }
        for subscription in subscriptions.values { removeFromIndex(subscription) }
        subscriptions = [:]
        // A verdict that is still awaited counts for nothing; what the peer says last is heard.
        work = []
        isWaiting = false
        shard.inboundChanged(by: -decoder.heldBytes)
        decoder = FrameDecoder(maxMessageSize: 0)
        let end = ConnectionEnd(code: closeCode, reason: closeReason ?? Reason("closed", code: 0))
        var metadata: Logger.Metadata = ["connection": "\(connection.id)", "reason": "\(end.reason)"]
        if let user = connection.principal?.userID { metadata["user"] = "\(user)" }
        core.logger.info("connection closed", metadata: metadata)
        core.connectionCounts.closed(end.code, isClosedByPeer ? "client_closed" : end.reason.slug)
        shard.ended(.connection(connection, end))
    }

    /// The socket has gone.
    func ended() {
        closing = .flushing(until: shard.time.now)
        if closeReason == nil { closeReason = Reason("connection_lost", code: 0) }
        release()
        shard.leaving[ObjectIdentifier(self)] = nil
        outbox.detach()
        tickets.releaseAll(shard)
    }

    /// A new principal: its name in messages, and until when it gets any.
    func principalChanged() {
        sender = Sender(userID: connection.principal?.userID, connection: connection.id)
        outbox.deliverableUntil =
            connection.principal.flatMap { principal in
                principal.expiresAt.map { $0.advanced(by: principal.leeway).milliseconds }
            } ?? .max
    }
}

extension Session.Work {
    /// The same with bytes of its own.
    ///
    /// The items of a batch have one payload together; who makes them sees to that.
    fileprivate var detached: Self {
        switch self {
        case .bytes(let buffer): .bytes(buffer.detached)
        case .incoming(.message(let opcode, let payload)): .incoming(.message(opcode, payload.detached))
        case .incoming(.ping(let payload)): .incoming(.ping(payload.detached))
        case .subscribe(let pattern, let reply): .subscribe(pattern.detached, reply.detached)
        case .unsubscribe(let pattern, let reply): .unsubscribe(pattern.detached, reply.detached)
        case .incoming, .item, .failure, .reevaluate, .endOfMessage: self
        }
    }
}

@available(*, unavailable)
extension Session: Sendable {}
@available(*, unavailable)
extension Session.Work: Sendable {}
