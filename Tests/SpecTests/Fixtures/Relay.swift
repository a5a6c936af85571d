import GatewayKit
import NIOCore
import Synchronization

/// An adapter between gateways of one process, whose broker a test takes away and brings back.
///
/// Events go straight back to the gateway that they came from; revocations go to the others.
final class Relay: PubSubAdapter {
    struct Settings: GatewayKit.Settings {
        var broker = ""
        static let fields: [SettingField<Self>] = [SettingField("broker", \.broker, required: true, "Which broker.")]
    }

    /// What gateways share.
    final class Broker: Sendable {
        private struct State {
            var isAway = false
            var sinks: [any EventSink] = []
        }
        private static let all = Mutex<[String: Broker]>([:])
        private let state = Mutex(State())

        static func named(_ name: String) -> Broker {
            all.withLock { all in
                let broker = all[name] ?? Broker()
                all[name] = broker
                return broker
            }
        }

        var isAway: Bool { state.withLock { $0.isAway } }
        private var sinks: [any EventSink] { state.withLock { $0.sinks } }

        fileprivate func join(_ sink: any EventSink) { state.withLock { $0.sinks.append(sink) } }

        /// Nothing goes through any more.
        func leave() { state.withLock { $0.isAway = true } }

        /// Everything goes through again: the gateways are told of the gap, and share what they have revoked.
        func comeBack(_ since: Timestamp) async {
            state.withLock { $0.isAway = false }
            for sink in sinks { await share(sink.revocations()) }
            for sink in sinks { sink.lostEvents(since: since) }
        }

        fileprivate func share(_ revocations: [Revocation]) async {
            for sink in sinks { await sink.revoke(revocations) }
        }
    }

    static let name = "relay"
    static let summary = "Carries revocations between gateways of a process."

    private let broker: Broker
    private let sink = Mutex<(any EventSink)?>(nil)

    init(settings: Settings, context: ModuleContext) { broker = .named(settings.broker) }

    func attach(_ sink: any EventSink) {
        self.sink.withLock { $0 = sink }
        broker.join(sink)
    }

    func share(_ revocation: Revocation) async throws {
        guard !broker.isAway else { throw Rejection(.brokerUnavailable, "The broker is away") }
        await broker.share([revocation])
    }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        guard !broker.isAway, let sink = sink.withLock({ $0 }) else {
            return .refuse(Rejection(.brokerUnavailable, "The broker is away"))
        }
        return sink.deliver(event, on: eventLoop)
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        broker.isAway ? .refuse(Rejection(.brokerUnavailable, "The broker is away")) : .proceed
    }

    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}

    var health: AdapterHealth { broker.isAway ? .down("the broker is away") : .up }
}
