import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct CircuitBreakerTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let breaker = CircuitBreaker(BreakerSettings(), nil)
    private let limit = BreakerSettings().failures

    private func fail(_ count: Int, at now: NIODeadline) { for _ in 0..<count { breaker.noteFailure(now) } }

    @Test func `failures in a row open it for a while`() {
        fail(limit - 1, at: start)
        #expect(!breaker.isOpen(start))
        fail(1, at: start)
        #expect(breaker.isOpen(start + .milliseconds(4_999)))
        #expect(!breaker.isOpen(start + .seconds(5)))
    }

    @Test func `after the pause one asks, and nobody else until it has an answer or its time is over`() {
        let breaker = CircuitBreaker(BreakerSettings(), trial: .seconds(2), nil)
        for _ in 0..<limit { breaker.noteFailure(start) }
        #expect(breaker.spares(start + .seconds(4)))
        let later = start + .seconds(5)
        #expect(!breaker.spares(later))
        #expect((0..<100).allSatisfy { _ in breaker.spares(later + .milliseconds(1999)) })
        #expect(!breaker.spares(later + .seconds(2)))
        breaker.noteVerdict()
        #expect(!breaker.spares(later + .seconds(2)))
        #expect(!breaker.spares(later + .seconds(2)))
    }

    @Test func `with 0 it never opens`() {
        let breaker = CircuitBreaker(.never, nil)
        for _ in 0..<1000 { breaker.noteFailure(start) }
        #expect(!breaker.isOpen(start))
    }

    @Test func `any verdict in time begins the count anew`() {
        fail(limit - 1, at: start)
        breaker.noteVerdict()
        fail(limit - 1, at: start)
        #expect(!breaker.isOpen(start))
    }

    @Test func `after the pause one failure opens it again, and one verdict closes it`() {
        fail(limit, at: start)
        fail(1, at: start + .seconds(6))
        #expect(breaker.isOpen(start + .seconds(10)))
        breaker.noteVerdict()
        #expect(!breaker.isOpen(start + .seconds(10)))
    }
}
