import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import RedisModule

struct ConfirmationsTests {
    private let eventLoop = EmbeddedEventLoop()
    private let topic = RedisSubscription.topic(ByteBuffer(string: "a"))
    private let other = RedisSubscription.topic(ByteBuffer(string: "b"))
    private let prefix = RedisSubscription.prefix(ByteBuffer(string: "a"))

    /// What came of a future, once it came.
    private func outcome(_ future: EventLoopFuture<Bool>?) -> Outcome {
        let outcome = Outcome()
        future?.whenSuccess { value in outcome.value.withLock { $0 = value } }
        return outcome
    }

    private func confirm(_ confirmations: inout Confirmations) -> Bool {
        guard let tell = confirmations.confirm() else { return false }
        tell()
        return true
    }

    private final class Outcome: Sendable {
        let value = Mutex<Bool?>(nil)
        var current: Bool? { value.withLock { $0 } }
    }

    @Test func `a subscription is confirmed when its turn has come`() {
        var confirmations = Confirmations()
        confirmations.ask(nil)
        confirmations.ask(.begin(topic))
        confirmations.ask(.begin(prefix))
        let (first, second) = (
            outcome(confirmations.future(of: topic, on: eventLoop)), outcome(confirmations.future(of: prefix, on: eventLoop))
        )
        #expect(confirm(&confirmations))
        #expect(first.current == nil)
        #expect(confirm(&confirmations))
        #expect(first.current == true && second.current == nil)
        #expect(!confirmations.isEmpty)
        #expect(confirm(&confirmations))
        #expect(second.current == true)
        #expect(confirmations.isEmpty)
    }

    @Test func `what is confirmed, or was never asked for, needs no waiting`() {
        var confirmations = Confirmations()
        confirmations.ask(.begin(topic))
        #expect(confirm(&confirmations))
        #expect(confirmations.future(of: topic, on: eventLoop) == nil)
        #expect(confirmations.future(of: other, on: eventLoop) == nil)
    }

    @Test func `what nobody asked for is told`() {
        var confirmations = Confirmations()
        #expect(!confirm(&confirmations))
        confirmations.ask(.end(topic))
        #expect(confirm(&confirmations))
        #expect(!confirm(&confirmations))
    }

    @Test func `what is asked for again is waited for again`() {
        var confirmations = Confirmations()
        for change in [InterestChange.begin(topic), .end(topic), .begin(topic)] { confirmations.ask(change) }
        let last = outcome(confirmations.future(of: topic, on: eventLoop))
        #expect(confirm(&confirmations))
        #expect(confirm(&confirmations))
        #expect(last.current == nil)
        #expect(confirm(&confirmations))
        #expect(last.current == true)
    }

    @Test func `several wait for one confirmation`() {
        var confirmations = Confirmations()
        confirmations.ask(.begin(topic))
        let waiting = (0..<3).map { _ in outcome(confirmations.future(of: topic, on: eventLoop)) }
        #expect(confirm(&confirmations))
        #expect(waiting.allSatisfy { $0.current == true })
    }

    @Test func `a connection that goes confirms nothing, and the next one starts anew`() {
        var confirmations = Confirmations()
        confirmations.ask(.begin(topic))
        confirmations.ask(.begin(other))
        let waiting = [topic, other].map { outcome(confirmations.future(of: $0, on: eventLoop)) }
        #expect(confirm(&confirmations))
        confirmations.fail()()
        #expect(waiting.map(\.current) == [true, false])
        #expect(confirmations.isEmpty)
        #expect(!confirm(&confirmations))
        confirmations.ask(.begin(topic))
        let again = outcome(confirmations.future(of: topic, on: eventLoop))
        #expect(again.current == nil)
        #expect(confirm(&confirmations))
        #expect(again.current == true)
    }
}
