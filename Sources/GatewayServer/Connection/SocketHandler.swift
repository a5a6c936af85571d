import GatewayKit
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The channel handler of one socket, from accept to close: reads, and hands the bytes to the phase that the connection is in.
///
/// On the channel's loop only. It is the connection's entry in the loop's wheel of deadlines.
final class SocketHandler: Timed, ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the connection is about at the moment.
    enum Phase {
        /// The request head is being read, or a verdict on it is awaited.
        case handshake(Handshake)
        /// A plain HTTP request is being answered.
        case http(HTTPExchange)
        /// WebSocket messages.
        case open(Session)
        /// Everything has been said; what the peer still sends is read and thrown away.
        case lingering(Linger)
        /// Nothing more.
        case closed
    }

    let shard: Shard
    /// What a listener of its own serves; nil for `server.port`.
    private let ownSite: Site?
    /// What is served here.
    var site: Site { ownSite ?? shard.site }
    private(set) var phase: Phase = .closed
    private(set) var context: ChannelHandlerContext?
    private var isPaused = false
    private var hasPendingRead = false
    /// Whether the peer has ended its side.
    private(set) var isInputClosed = false

    /// Who a client that is made up says to be at the other end; nil for those that are there.
    private let madeUpPeer: ClientAddress?

    /// Who is at the other end; for a Unix socket this machine.
    private var peer: ClientAddress? {
        if let madeUpPeer { return madeUpPeer }
        return isUnixSocket ? ClientAddress(bytes: [127, 0, 0, 1]) : context?.remoteAddress.flatMap { ClientAddress($0) }
    }

    private var isUnixSocket: Bool { if case .unixDomainSocket = context?.localAddress { true } else { false } }

    func siteRequest(_ head: RequestHead) -> SiteRequest {
        SiteRequest(path: head.path, headers: head.headers, isUnixSocket: isUnixSocket)
    }

    /// - Parameters:
    ///   - shard: Of the channel's loop.
    ///   - site: What a listener of its own serves; nil for `server.port`, whose site a reload may change.
    ///   - peer: Where a made-up client comes from; nil for what the socket says.
    init(shard: Shard, site: Site? = nil, peer: ClientAddress? = nil) {
        self.shard = shard
        ownSite = site
        madeUpPeer = peer
    }

    // MARK: Channel events

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        shard.core.sockets.wrappingAdd(1, ordering: .relaxed)
        shard.beginTurn()
        guard let peer else { return close() }
        let handshake = Handshake(handler: self, peer: peer, deadline: shard.time.now + shard.settings.http.headerTimeout.timeAmount)
        phase = .handshake(handshake)
        handshake.begin()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        shard.beginTurn()
        let buffer = unwrapInboundIn(data)
        switch phase {
        case .handshake(let handshake): handshake.receive(buffer)
        case .http(let exchange): exchange.receive(buffer)
        case .open(let session): session.receive(buffer)
        case .lingering(let linger): linger.received(buffer.readableBytes, self)
        case .closed: break
        }
        shard.readBuffers.giveBack(buffer)
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { hasPendingRead = true } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        shard.beginTurn()
        isInputClosed = true
        switch phase {
        case .handshake, .lingering, .closed: close()
        case .http(let exchange): exchange.inputClosed()
        case .open(let session): session.inputClosed()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        shard.beginTurn()
        if case .open(let session) = phase { session.outbox.forgetSocket() }
        close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        shard.beginTurn()
        ended()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { ended() }

    // MARK: For the phases

    /// The upgrade is accepted: the session takes over.
    func open(_ session: Session) {
        phase = .open(session)
        shard.sessions[ObjectIdentifier(session)] = session
        shard.counters.opened &+= 1
        session.opened()
    }

    /// The request is no upgrade: the exchange takes over.
    func serve(_ exchange: HTTPExchange) { phase = .http(exchange) }

    func isServing(_ exchange: HTTPExchange) -> Bool { if case .http(let present) = phase { present === exchange } else { false } }

    func isReading(_ handshake: Handshake) -> Bool { if case .handshake(let present) = phase { present === handshake } else { false } }

    /// The request has been answered, and another one may come.
    ///
    /// - Parameters:
    ///   - tickets: What the connection has taken of counted things.
    ///   - rest: What has come behind the request.
    func awaitRequest(_ tickets: Tickets, _ rest: ByteBuffer) {
        var tickets = tickets
        guard let peer, !shard.core.isClosingDoor else {
            tickets.releaseAll(shard)
            return linger()
        }
        let handshake = Handshake(
            handler: self, peer: peer, deadline: shard.time.now + shard.settings.http.keepAlive.timeAmount, after: tickets)
        phase = .handshake(handshake)
        resumeReading()
        if rest.readableBytes > 0 { handshake.receive(rest) }
    }

    func schedule(_ deadline: NIODeadline) { shard.deadlines.schedule(self, at: deadline) }

    @discardableResult
    func write(_ bytes: ByteBuffer) -> EventLoopFuture<Void> {
        guard let context else { return shard.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
        return context.writeAndFlush(NIOAny(bytes))
    }

    /// Everything to be sent is on its way: half-closes once it has been written, then reads and throws away what still comes, so that
    /// unread bytes never turn the last words into a reset.
    func linger() {
        guard let context, context.channel.isActive, !isInputClosed else {
            close()
            return
        }
        if case .lingering = phase { return }
        // A connection that waits for a further request holds its place; who only lingers holds none.
        if case .handshake(let handshake) = phase { handshake.ended() }
        let linger = Linger(now: shard.time.now)
        phase = .lingering(linger)
        resumeReading()
        shard.deadlines.schedule(self, at: linger.deadline)
        context.close(mode: .output, promise: nil)
    }

    /// Closes the socket at once.
    func close() {
        if case .open(let session) = phase { session.outbox.forgetSocket() }
        context?.close(promise: nil)
    }

    func pauseReading() { isPaused = true }

    func resumeReading() {
        isPaused = false
        guard hasPendingRead else { return }
        hasPendingRead = false
        context?.read()
    }

    override func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        switch phase {
        case .handshake(let handshake): return handshake.deadlinePassed(now)
        case .http(let exchange): return exchange.deadlinePassed(now)
        case .open(let session): return session.deadlinePassed(now)
        case .lingering(let linger):
            if now < linger.deadline { return linger.deadline }
            close()
            return nil
        case .closed: return nil
        }
    }

    private func ended() {
        guard context != nil else { return }
        shard.core.sockets.wrappingSubtract(1, ordering: .relaxed)
        shard.deadlines.cancel(self)
        shard.idle[ObjectIdentifier(self)] = nil
        let phase = phase
        self.phase = .closed
        switch phase {
        case .handshake(let handshake): handshake.ended()
        case .http(let exchange): exchange.ended()
        case .open(let session): session.ended()
        case .lingering, .closed: break
        }
        context = nil
    }
}

/// Reading after the last word was sent: 1 s of silence, 5 s in all, or 16 MiB, whichever comes first.
final class Linger {
    private let end: NIODeadline
    private var lastByte: NIODeadline
    private var bytes = 0

    init(now: NIODeadline) {
        end = now + .seconds(5)
        lastByte = now
    }

    var deadline: NIODeadline { min(end, lastByte + .seconds(1)) }

    func received(_ count: Int, _ handler: SocketHandler) {
        bytes += count
        lastByte = handler.shard.time.now
        if bytes > 16 << 20 { handler.close() }
    }
}

@available(*, unavailable)
extension SocketHandler.Phase: Sendable {}
@available(*, unavailable)
extension Linger: Sendable {}
