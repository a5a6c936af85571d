import GatewayKit
import GatewayTestKit
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import GatewayServer

/// How the gateway finds out whether its adapter works.
struct AdapterProbeTests {
    private let probe = AdapterProbe()
    private let broker = ProbedBroker()
    private let clock = ManualClock()
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    private func fault() async -> String? {
        // Past the second for which an answer stands.
        clock.advance(by: .seconds(2))
        return await probe.fault(of: broker, on: eventLoop, clock.gatewayClock)
    }

    @Test func `a message that comes back late answers no later probe`() async throws {
        #expect(await fault() != nil)
        async let second = fault()
        try await eventually("the second message is out") { broker.events.count == 2 }
        probe.returned(broker.events[0])
        #expect(await second != nil)
        broker.echo { [probe] in probe.returned($0) }
        #expect(await fault() == nil)
    }

    @Test func `its subscription is asked for again after a refusal, and once it is taken not again`() async {
        broker.echo { [probe] in probe.returned($0) }
        broker.answer(.refuse(Rejection(.brokerUnavailable, "The broker is away")))
        #expect(await fault() == "The broker is away")
        #expect(broker.calls == ["+", "-"])
        broker.answer(.proceed)
        for _ in 0..<3 { #expect(await fault() == nil) }
        #expect(broker.calls == ["+", "-", "+"])
    }

    @Test func `a subscription that is taken late is not asked for twice`() async throws {
        broker.echo { [probe] in probe.returned($0) }
        let answer = eventLoop.makePromise(of: Verdict<Rejection>.self)
        broker.answer(.later(answer.futureResult))
        #expect(await fault() != nil)
        async let second = fault()
        answer.succeed(.proceed)
        _ = await second
        #expect(await fault() == nil)
        #expect(broker.calls == ["+"])
    }

    @Test func `what the adapter says of itself is asked each time`() async {
        broker.echo { [probe] in probe.returned($0) }
        #expect(await fault() == nil)
        broker.setHealth(.down("no route"))
        #expect(await probe.fault(of: broker, on: eventLoop, clock.gatewayClock) == "no route")
        broker.setHealth(.up)
        #expect(await fault() == nil)
    }
}

/// An adapter that keeps what is published, or gives it back.
private final class ProbedBroker: PubSubAdapter {
    private struct State {
        var health = AdapterHealth.up
        var subscribing = Verdict<Rejection>.proceed
        var echo: (@Sendable (Event) -> Void)?
        var events: [Event] = []
        var calls: [String] = []
    }

    static let name = "probed"
    static let summary = "Is probed."
    private let state = Mutex(State())

    init() {}
    init(settings: NoSettings, context: ModuleContext) {}

    var events: [Event] { state.withLock { $0.events } }
    /// Subscribes and unsubscribes.
    var calls: [String] { state.withLock { $0.calls } }
    var health: AdapterHealth { state.withLock { $0.health } }

    func setHealth(_ health: AdapterHealth) { state.withLock { $0.health = health } }
    func answer(_ verdict: Verdict<Rejection>) { state.withLock { $0.subscribing = verdict } }
    func echo(_ body: @escaping @Sendable (Event) -> Void) { state.withLock { $0.echo = body } }

    func attach(_ sink: any EventSink) {}

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        let echo = state.withLock { state in
            state.events.append(event)
            return state.echo
        }
        echo?(event)
        return .proceed
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        state.withLock { state in
            state.calls.append("+")
            return state.subscribing
        }
    }

    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) { state.withLock { $0.calls.append("-") } }
}
