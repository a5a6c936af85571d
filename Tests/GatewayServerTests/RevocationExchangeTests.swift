import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

@testable import GatewayServer

/// What gateways tell each other about revoked tokens.
struct RevocationExchangeTests {
    private let kept = KeptRevocations()
    private let adapter = SharingAdapter()
    private let log = RecordedLog()

    private func exchange(hasBegun: Bool = true) -> RevocationExchange {
        let exchange = RevocationExchange(kept, adapter, log.logger())
        kept.observe { [weak exchange] in exchange?.share($0) }
        if hasBegun { exchange.begin() }
        return exchange
    }

    private func revocation(_ number: Int) -> Revocation { Revocation(.token("t\(number)")) }

    @Test func `what is revoked here is shared in order`() async throws {
        let exchange = exchange()
        for number in 0..<100 { try await kept.revoke(revocation(number)) }
        try await eventually("all are shared") { adapter.shared.count == 100 }
        #expect(adapter.shared == (0..<100).map(revocation))
        withExtendedLifetime(exchange) {}
    }

    @Test func `what comes from other gateways is kept and not given back`() async throws {
        let exchange = exchange()
        await exchange.take((0..<2500).map(revocation))
        #expect(await exchange.current().count == 2500)
        try await kept.revoke(revocation(9999))
        try await eventually("one is shared") { !adapter.shared.isEmpty }
        #expect(adapter.shared == [revocation(9999)])
    }

    @Test func `what is revoked while modules start waits until they have`() async throws {
        let exchange = exchange(hasBegun: false)
        try await kept.revoke(revocation(1))
        #expect(adapter.shared.isEmpty)
        exchange.begin()
        try await eventually("it is shared") { adapter.shared == [revocation(1)] }
    }

    @Test func `an outage is told once, and what is revoked meanwhile stays in force`() async throws {
        let exchange = exchange()
        for outage in 1...2 {
            adapter.setDown(true)
            for number in 0..<10 { try await kept.revoke(revocation(outage * 100 + number)) }
            try await eventually("all have been tried") { adapter.tries >= outage * 11 - 1 }
            adapter.setDown(false)
            try await kept.revoke(revocation(outage))
            try await eventually("one is shared") { adapter.shared.count == outage }
        }
        #expect(log.lines.count { $0.message.contains("could not be shared") } == 2)
        #expect(await exchange.current().count == 22)
    }

    @Test func `beyond the bound all that is in force is shared, once the rest is`() async throws {
        let exchange = exchange()
        adapter.hold()
        let count = RevocationExchange.maxWaiting + 500
        try await kept.revoke((0..<count).map(revocation))
        adapter.release()
        try await eventually("all are shared") { Set(adapter.shared).count == count }
        #expect(log.lines.count { $0.message.contains("shared again") } == 1)
        withExtendedLifetime(exchange) {}
    }
}

/// Revocations in memory.
private final class KeptRevocations: TokenRevocations {
    private struct State {
        var all: Set<Revocation> = []
        var observer: (@Sendable (Revocation) -> Void)?
    }
    private let state = Mutex(State())

    func revoke(_ revocations: [Revocation]) async throws {
        let (new, observer) = state.withLock { state in (revocations.filter { state.all.insert($0).inserted }, state.observer) }
        for revocation in new { observer?(revocation) }
    }

    func current() async -> [Revocation] { state.withLock { Array($0.all) } }
    func isRevoked(_ principal: Principal) -> Bool { state.withLock { $0.all.contains { $0.covers(principal) } } }
    func observe(_ observer: @escaping @Sendable (Revocation) -> Void) { state.withLock { $0.observer = observer } }
}

/// An adapter that remembers what it was to share.
private final class SharingAdapter: PubSubAdapter {
    private struct State {
        var shared: [Revocation] = []
        var tries = 0
        var isDown = false
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    static let name = "sharing"
    static let summary = "Shares revocations."
    private let state = Mutex(State())

    init() {}
    init(settings: NoSettings, context: ModuleContext) {}

    var shared: [Revocation] { state.withLock { $0.shared } }
    var tries: Int { state.withLock { $0.tries } }
    var health: AdapterHealth { .up }

    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Answers nothing until ``release()``.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isHeld = false
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func share(_ revocation: Revocation) async throws {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isHeld { state.waiting.append(continuation) }
                return !state.isHeld
            }
            if isFree { continuation.resume() }
        }
        try state.withLock { state in
            state.tries += 1
            if state.isDown { throw Rejection(.brokerUnavailable, "The broker is away") }
            state.shared.append(revocation)
        }
    }

    func attach(_ sink: any EventSink) {}
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
}
