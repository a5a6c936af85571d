import GatewayKit
import GatewayTestKit
import Logging
import NIOCore
import NIOEmbedded

@testable import GatewayServer

/// A connection after its 101 without a socket: every turn of its event loop is the test's, and so is what the socket takes.
final class SessionTester {
    let clock: ManualClock
    let core: Core
    let shard: Shard
    let session: Session
    private let eventLoop: EmbeddedEventLoop
    private let channel: EmbeddedChannel
    private let valve = Valve()

    /// Opens a connection of a gateway of its own; nobody has to authenticate unless `settings` says so.
    convenience init(
        _ generation: Generation = .empty, loops: Int = 1, mailboxBytes: Int = Mailbox.maxBytes,
        _ settings: (inout CoreSettings) -> Void = { _ in }
    ) throws {
        var coreSettings = CoreSettings()
        coreSettings.auth.required = false
        settings(&coreSettings)
        let (eventLoop, clock) = (EmbeddedEventLoop(), ManualClock())
        let core = Core(
            settings: coreSettings, clock: clock.gatewayClock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            eventLoops: [eventLoop] + (1..<max(1, loops)).map { _ in EmbeddedEventLoop() }, tls: nil, mailboxBytes: mailboxBytes)
        let shard = Shard(eventLoop: eventLoop, index: 0, core: core, generation: generation)
        core.setShards(core.eventLoops.map { _ in NIOLoopBound(shard, eventLoop: eventLoop) })
        generation.adapter.attach(DeliveryHub(core))
        try self.init(shard, eventLoop, clock)
    }

    /// Opens one more connection on the same loop.
    convenience init(beside other: SessionTester) throws { try self.init(other.shard, other.eventLoop, other.clock) }

    private init(_ shard: Shard, _ eventLoop: EmbeddedEventLoop, _ clock: ManualClock) throws {
        (self.shard, self.eventLoop, self.clock, core) = (shard, eventLoop, clock, shard.core)
        let handler = SocketHandler(shard: shard, site: .gateway(core.settings))
        channel = EmbeddedChannel(handlers: [valve, handler], loop: eventLoop)
        let address = try SocketAddress(ipAddress: "192.0.2.1", port: 1)
        channel.connect(to: address, promise: nil)
        guard let peer = ClientAddress(address) else { throw ChannelError.unknownLocalAddress }
        session = Session(
            connection: Connection(eventLoop: eventLoop, address: peer, time: shard.time), handler: handler,
            outbox: Outbox(shard: shard, context: handler.context), tickets: Tickets())
        handler.open(session)
        eventLoop.run()
    }

    /// Brings bytes in one read, and ends the turn; answers whether nothing of the read is kept.
    @discardableResult
    func receive(_ bytes: [UInt8]) throws -> Bool {
        var read = ByteBuffer(bytes: bytes)
        try channel.writeInbound(read)
        eventLoop.run()
        return read.modifyIfUniquelyOwned { _ in true } ?? false
    }

    /// Brings text messages in one read.
    @discardableResult
    func receive(_ texts: String...) throws -> Bool { try receive(texts.flatMap(ClientFrames.text)) }

    /// Whether the socket takes nothing.
    var isStuck: Bool {
        get { valve.isStuck }
        set {
            valve.isStuck = newValue
            eventLoop.run()
        }
    }

    /// Runs what the loop has to do, after a future has been completed.
    func run() { eventLoop.run() }

    /// Runs what the loop is to do within a time, by its own timers.
    func runTimers(for duration: Duration) { eventLoop.advanceTime(by: duration.timeAmount) }

    /// Takes what this loop has left for the others.
    func emptyMailbox() {
        var mail = ByteBuffer()
        for mailbox in core.mailboxes { mailbox.take(&mail) }
    }

    /// Moves the clock on and looks at the deadlines, as a tick does.
    func advance(by duration: Duration) {
        clock.advance(by: duration)
        shard.tick()
        eventLoop.run()
    }

    /// The frames that have come out since the last call: the text of text frames, and the others as their opcode with their payload.
    func sent() throws -> [String] {
        var bytes = ByteBuffer()
        while var next = try channel.readOutbound(as: ByteBuffer.self) { bytes.writeBuffer(&next) }
        var frames: [String] = []
        while let first: UInt8 = bytes.readInteger(), var length = bytes.readInteger(as: UInt8.self).map({ Int($0) }) {
            if length == 126 { length = Int(bytes.readInteger(as: UInt16.self) ?? 0) }
            if length == 127 { length = Int(bytes.readInteger(as: UInt64.self) ?? 0) }
            switch first & 15 {
            case 8: frames.append("close \(bytes.readInteger(as: UInt16.self) ?? 0) \(bytes.readString(length: length - 2) ?? "")")
            case let opcode: frames.append((opcode == 1 ? "" : "\(opcode) ") + (bytes.readString(length: length) ?? ""))
            }
        }
        return frames
    }

    /// What ``sent()`` tells, of JSON frames only their type, and of errors the reason.
    func told() throws -> [String] {
        try sent().map { frame in
            guard let json = try? JSON(parsing: frame) else { return frame }
            return json["details"]?["reason"]?.string ?? json["type"]?.string ?? frame
        }
    }
}

/// Stands between the gateway and the socket: stuck, it keeps what is written.
private final class Valve: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private var kept: [(NIOAny, EventLoopPromise<Void>?)] = []
    private var context: ChannelHandlerContext?
    var isStuck = false {
        didSet {
            guard !isStuck, let context else { return }
            let due = kept
            kept = []
            for (data, promise) in due { context.writeAndFlush(data, promise: promise) }
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        for (_, promise) in kept { promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isStuck { kept.append((data, promise)) } else { context.write(data, promise: promise) }
    }
}

@available(*, unavailable)
extension SessionTester: Sendable {}
@available(*, unavailable)
extension Valve: Sendable {}
