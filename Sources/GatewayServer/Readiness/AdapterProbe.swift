import GatewayKit
import NIOCore
import NIOPosix
import Synchronization

/// Finds out whether what is published through the adapter comes back, by a message on a topic that no client can name.
///
/// One probe at a time, and its answer stands for a second: whoever asks more often costs nothing more. Each message has the number
/// of its probe, so that one which comes back late answers no other.
final class AdapterProbe: Sendable {
    private struct Flight {
        let number: Int
        let promise: EventLoopPromise<String?>
        var validUntil = NIODeadline.distantFuture
    }
    private enum Interest {
        case none
        case asked
        case taken
    }
    private struct State {
        var flight: Flight?
        var launched = 0
        var interest = Interest.none
    }

    private static let deadline = TimeAmount.seconds(1)
    private static let validity = TimeAmount.seconds(1)

    /// Of this process alone; clients' topics have no `$`.
    private let topic = Topic(unchecked: ByteBuffer(string: "$probe.\(ConnectionID.random())"))
    private let state = Mutex(State())

    /// Whether a topic is one of the gateways' own.
    static func isReserved(_ topic: Topic) -> Bool {
        topic.bytes.getInteger(at: topic.bytes.readerIndex) == UInt8(ascii: "$")
    }

    /// Finds out what is wrong with the adapter.
    ///
    /// - Parameters:
    ///   - adapter: The adapter.
    ///   - eventLoop: The loop to publish on.
    ///   - clock: The gateway's.
    /// - Returns: A text for people; nil where messages flow.
    func fault(of adapter: any PubSubAdapter, on eventLoop: any EventLoop, _ clock: GatewayClock) async -> String? {
        if case .down(let reason) = adapter.health { return reason }
        let now = clock.now
        let timers = MultiThreadedEventLoopGroup.singleton.next()
        let (flight, isNew) = state.withLock { state in
            if let flight = state.flight, now < flight.validUntil { return (flight, false) }
            state.launched += 1
            let flight = Flight(number: state.launched, promise: timers.makePromise())
            state.flight = flight
            return (flight, true)
        }
        if isNew {
            let promise = flight.promise
            let timer = timers.scheduleTask(in: Self.deadline) { promise.succeed("a message that was published did not come back") }
            promise.futureResult.whenComplete { [self] _ in
                timer.cancel()
                state.withLock { $0.flight?.validUntil = clock.now + Self.validity }
            }
            eventLoop.execute { self.launch(flight, adapter, on: eventLoop) }
        }
        return (try? await flight.promise.futureResult.get()) ?? nil
    }

    /// An event on a reserved topic has come: where it is the present probe's, the adapter works.
    func returned(_ event: Event) {
        guard event.topic == topic, let number = Int(String(buffer: event.message.data)) else { return }
        state.withLock { $0.flight?.number == number ? $0.flight?.promise : nil }?.succeed(nil)
    }

    private func launch(_ flight: Flight, _ adapter: any PubSubAdapter, on eventLoop: any EventLoop) {
        let interest = state.withLock { state in
            defer { if case .none = state.interest { state.interest = .asked } }
            return state.interest
        }
        switch interest {
        case .taken: publish(flight, adapter, on: eventLoop)
        // The answer to an earlier probe's question launches the probe of its time.
        case .asked: break
        case .none:
            let pattern = TopicPattern(topic)
            settle(adapter.subscribe(pattern, on: eventLoop), on: eventLoop) { [self] fault in
                let flight = state.withLock { state in
                    state.interest = fault == nil ? .taken : .none
                    return state.flight
                }
                if let fault {
                    adapter.unsubscribe(pattern, on: eventLoop)
                    flight?.promise.succeed(fault)
                } else if let flight {
                    publish(flight, adapter, on: eventLoop)
                }
            }
        }
    }

    private func publish(_ flight: Flight, _ adapter: any PubSubAdapter, on eventLoop: any EventLoop) {
        let message = Message(
            data: ByteBuffer(string: "\(flight.number)"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "gateway.probe"))
        let event = Event(topic: topic, message: message, sender: Sender(userID: nil, connection: nil))
        settle(adapter.publish(event, on: eventLoop), on: eventLoop) { fault in
            if let fault { flight.promise.succeed(fault) }
        }
    }

    /// Waits for the adapter's answer: nil where it does what it was asked for, else why it does not.
    private func settle(
        _ verdict: Verdict<Rejection>, on eventLoop: any EventLoop, _ done: @escaping @Sendable (_ fault: String?) -> Void
    ) {
        switch verdict {
        case .proceed: done(nil)
        case .refuse(let rejection): done(rejection.message)
        case .later(let future):
            future.hop(to: eventLoop).whenComplete { [self] result in
                switch result {
                case .success(let verdict): settle(verdict, on: eventLoop, done)
                case .failure: done("the adapter failed")
                }
            }
        }
    }
}
