import GatewayKit
import NIOCore
import NIOPosix
import Synchronization

/// Finds out whether what is published through the adapter comes back, by a message on a topic that no client can name.
///
/// One probe at a time, and its answer stands for a second: whoever asks more often costs nothing more.
final class AdapterProbe: Sendable {
    private struct Flight {
        let promise: EventLoopPromise<String?>
        var validUntil = NIODeadline.distantFuture
    }
    private struct State {
        var flight: Flight?
        var isSubscribed = false
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
        let (promise, isNew) = state.withLock { state in
            if let flight = state.flight, now < flight.validUntil { return (flight.promise, false) }
            let flight = Flight(promise: timers.makePromise())
            state.flight = flight
            return (flight.promise, true)
        }
        if isNew {
            let timer = timers.scheduleTask(in: Self.deadline) { promise.succeed("a message that was published did not come back") }
            promise.futureResult.whenComplete { [self] _ in
                timer.cancel()
                state.withLock { $0.flight?.validUntil = clock.now + Self.validity }
            }
            eventLoop.execute { self.launch(promise, adapter, on: eventLoop) }
        }
        return (try? await promise.futureResult.get()) ?? nil
    }

    /// A message on a reserved topic has come: where it is this process's, the adapter works.
    func returned(_ topic: Topic) {
        guard topic == self.topic else { return }
        state.withLock { $0.flight?.promise }?.succeed(nil)
    }

    private func launch(_ promise: EventLoopPromise<String?>, _ adapter: any PubSubAdapter, on eventLoop: any EventLoop) {
        let publish = { @Sendable [self] in
            let message = Message(
                data: ByteBuffer(string: "null"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "gateway.probe"))
            let event = Event(topic: topic, message: message, sender: Sender(userID: nil, connection: nil))
            settle(adapter.publish(event, on: eventLoop), promise) {}
        }
        if state.withLock({ $0.isSubscribed }) {
            publish()
        } else {
            settle(adapter.subscribe(TopicPattern(topic), on: eventLoop), promise) { [self] in
                state.withLock { $0.isSubscribed = true }
                publish()
            }
        }
    }

    /// Goes on where the adapter does what it was asked for; else that is the answer.
    private func settle(
        _ verdict: Verdict<Rejection>, _ promise: EventLoopPromise<String?>, _ next: @escaping @Sendable () -> Void
    ) {
        switch verdict {
        case .proceed: next()
        case .refuse(let rejection): promise.succeed(rejection.message)
        case .later(let future):
            future.whenComplete { [self] result in
                switch result {
                case .success(let verdict): settle(verdict, promise, next)
                case .failure: promise.succeed("the adapter failed")
                }
            }
        }
    }
}
