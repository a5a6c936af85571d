import GatewayKit
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

@testable import GatewayServer

/// Events that come from inside the gateway or over HTTP.
struct PublisherTests {
    private let broker = TestBroker()

    private func event() throws -> Event {
        let message = Message(data: ByteBuffer(string: "1"), metadata: ByteBuffer(), eventType: ByteBuffer(string: "a"))
        return Event(topic: try Topic("chat"), message: message, sender: Sender(userID: nil, connection: nil))
    }

    /// Publishes an event; what came of it stands in the list as soon as it is known.
    private func publish(_ shard: Shard) throws -> Outcomes {
        let (publisher, outcomes) = (Publisher(), Outcomes())
        publisher.adapter.withLock { $0 = broker }
        publisher.publish(try event(), from: nil, shard) { outcomes.reasons.append($0.reason) }
        return outcomes
    }

    @Test func `what is not answered within the adapter's time is refused as on the socket, and late it changes nothing`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        let outcomes = try publish(tester.shard)
        tester.advance(by: .milliseconds(1_900))
        #expect(outcomes.reasons == [])
        tester.advance(by: .milliseconds(200))
        #expect(outcomes.reasons == ["broker_unavailable"])
        broker.answers[0].succeed(.proceed)
        tester.run()
        #expect(outcomes.reasons == ["broker_unavailable"])
        #expect(tester.core.refusals.counts.map(\.reason) == ["broker_unavailable"])
    }

    @Test func `what the adapter answers in time is the answer`() throws {
        let tester = try SessionTester(Generation(adapter: broker))
        broker.isWaiting = true
        let outcomes = try (0..<3).map { _ in try publish(tester.shard) }
        broker.answers[0].succeed(.proceed)
        broker.answers[1].succeed(.refuse(Rejection(.overloaded, "Too much")))
        broker.answers[2].fail(CancellationError())
        tester.run()
        #expect(outcomes.map(\.reasons) == [["taken"], ["overloaded"], ["internal"]])
    }
}

private final class Outcomes {
    var reasons: [String] = []
}

extension Result where Success == Void {
    fileprivate var reason: String {
        switch self {
        case .success: "taken"
        case .failure(let error as Rejection): error.reason.slug
        case .failure(let error as HTTPRefusal): error.reason.slug
        case .failure(let error): "\(error)"
        }
    }
}

@available(*, unavailable)
extension Outcomes: Sendable {}
