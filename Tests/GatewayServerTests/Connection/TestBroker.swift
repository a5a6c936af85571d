import GatewayKit
import NIOCore
import Synchronization

@testable import GatewayServer

/// An adapter that gives every event straight back, or, where the test says so, answers when the test does.
final class TestBroker: PubSubAdapter {
    typealias Answer = EventLoopPromise<Verdict<Rejection>>
    private struct State {
        var sink: (any EventSink)?
        var isWaiting = false
        var answers: [Answer] = []
        var calls: [String] = []
    }

    static let name = "test_broker"
    static let summary = "Answers when the test does."
    private let state = Mutex(State())

    init() {}
    init(settings: NoSettings, context: ModuleContext) {}

    /// Whether it answers later.
    var isWaiting: Bool {
        get { state.withLock { $0.isWaiting } }
        set { state.withLock { $0.isWaiting = newValue } }
    }
    /// The answers that it still owes, in the order of the calls.
    var answers: [Answer] { state.withLock { $0.answers } }
    /// Where it delivers.
    var sink: (any EventSink)? { state.withLock { $0.sink } }
    /// What was subscribed to and unsubscribed from.
    var calls: [String] { state.withLock { $0.calls } }

    func attach(_ sink: any EventSink) { state.withLock { $0.sink = sink } }

    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        if isWaiting { return later(eventLoop) }
        return state.withLock { $0.sink }?.deliver(event, on: eventLoop) ?? .proceed
    }

    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        state.withLock { $0.calls.append("+\(pattern)") }
        return isWaiting ? later(eventLoop) : .proceed
    }

    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) { state.withLock { $0.calls.append("-\(pattern)") } }

    var health: AdapterHealth { .up }

    private func later(_ eventLoop: any EventLoop) -> Verdict<Rejection> {
        let answer = eventLoop.makePromise(of: Verdict<Rejection>.self)
        state.withLock { $0.answers.append(answer) }
        return .later(answer.futureResult)
    }

    deinit {
        for answer in state.withLock({ $0.answers }) { answer.fail(CancellationError()) }
    }
}
