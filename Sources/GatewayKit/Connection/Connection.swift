public import NIOCore

/// One client, as modules see it.
///
/// Lives on one event loop and is touched by nothing else: not Sendable. What has to cross loops is ``id`` and ``principal``.
public final class Connection {
    /// Random; never a credential.
    public let id: ConnectionID
    /// The loop that everything about this connection runs on.
    public let eventLoop: any EventLoop
    /// The client's address: the peer's, or what a trusted proxy said.
    public let address: ClientAddress
    /// Who the client is; nil until it has authenticated.
    public package(set) var principal: Principal?

    private let time: TurnTime
    private var slots: [AnyObject?] = []
    /// Sends and closes; held by the channel, gone once the socket is.
    private weak var transport: (any ConnectionTransport)?

    package init(
        id: ConnectionID = .random(), eventLoop: any EventLoop, address: ClientAddress, time: TurnTime,
        transport: (any ConnectionTransport)? = nil
    ) {
        self.id = id
        self.eventLoop = eventLoop
        self.address = address
        self.time = time
        self.transport = transport
    }

    /// The monotonic time of this turn of the event loop: cheaper than a clock, and the same for all stages of a message.
    public var now: NIODeadline { time.now }
    /// The date of this turn of the event loop.
    public var timestamp: Timestamp { time.timestamp }

    /// Sends one WebSocket message.
    ///
    /// Dropped where the connection is closing.
    ///
    /// - Parameters:
    ///   - payload: The payload; the caller sees to valid UTF-8 where it is text.
    ///   - opcode: Text or binary.
    public func send(_ payload: ByteBuffer, opcode: MessageOpcode = .text) {
        transport?.send(payload, opcode: opcode)
    }

    /// Tells the client why and closes.
    ///
    /// Does nothing where the connection is closing already.
    ///
    /// - Parameter rejection: Sent as an error frame; its reason is the close reason, the close code is 1008.
    public func close(_ rejection: Rejection) {
        transport?.close(rejection)
    }

    package func attach(_ transport: any ConnectionTransport) { self.transport = transport }

    func slot(_ index: Int) -> AnyObject? { index < slots.count ? slots[index] : nil }

    func setSlot(_ index: Int, _ value: AnyObject) {
        if index >= slots.count { slots.append(contentsOf: repeatElement(nil, count: index + 1 - slots.count)) }
        slots[index] = value
    }
}

@available(*, unavailable)
extension Connection: Sendable {}

/// What a connection needs of the socket below it.
package protocol ConnectionTransport: AnyObject {
    func send(_ payload: ByteBuffer, opcode: MessageOpcode)
    func close(_ rejection: Rejection)
}

/// The time of the present turn of one event loop, read once a turn.
package final class TurnTime {
    package var now: NIODeadline
    package var timestamp: Timestamp
    private let clock: GatewayClock

    package init(clock: GatewayClock) {
        self.clock = clock
        now = clock.now
        timestamp = clock.timestamp
    }

    package func update() {
        now = clock.now
        timestamp = clock.timestamp
    }
}

@available(*, unavailable)
extension TurnTime: Sendable {}
