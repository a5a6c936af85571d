import CMeasuring
import GatewayKit
import GatewayServer
import GatewayTestKit

/// What one message costs the gateway.
struct Measurement {
    /// Time in the program, in nanoseconds.
    var user: Double
    /// That and the time in the kernel.
    var total: Double
    /// How often memory was allocated.
    var allocations: Double

    /// Publishes in batches to one subscriber of the same process, and keeps the best of several rounds.
    ///
    /// - Parameters:
    ///   - scenario: The pipeline.
    ///   - messages: How many a round, at most a million: the gateway's clock stands still meanwhile, and the buckets of rates empty.
    ///   - rounds: How many after the first, which warms up.
    /// - Returns: What a message costs.
    /// - Throws: ``Failure`` where the gateway does something else than expected.
    static func of(_ scenario: Scenario, messages: Int, rounds: Int) async throws -> Measurement {
        let configuration = TestConfiguration(file: scenario.configuration)
        return try await TestGateway.with(configuration, over: .memory, modules: Scenario.modules) {
            gateway in
            guard let address = ClientAddress("192.0.2.1") else { throw Failure(description: "192.0.2.1 is no address") }
            let subscriber = try Peer(socket: try await gateway.gateway.letIn(from: address))
            let publisher = try Peer(socket: try await gateway.gateway.letIn(from: address))
            for peer in [subscriber, publisher] { try peer.ask(#"{"type":"auth","token":"alice"}"#, for: "auth_success") }
            try subscriber.ask(#"{"type":"subscribe","topic":"chat.*"}"#, for: "subscribed")
            let frame = Peer.frame(#"{"type":"message","topic":"chat.room","data":{"text":"How is everybody this morning?","n":12345}}"#)
            try publisher.send(frame)
            let length = try subscriber.message().frameLength
            var best = Measurement(user: .infinity, total: .infinity, allocations: .infinity)
            let idle = try await allocationsOfNothing()
            for _ in 0...rounds {
                best.take(try round(publisher, frame, subscriber, length, messages, idle))
                // The buckets are full again.
                gateway.advance(by: .seconds(10))
            }
            return best
        }
    }

    /// How often a gateway with nothing to do allocates memory in a second, for its ticks.
    private static func allocationsOfNothing() async throws -> Double {
        let (start, before) = (ContinuousClock.now, allocations_count())
        // The time in which nothing is done is what is measured: six ticks.
        try await Task.sleep(for: .milliseconds(300))
        return Double(allocations_count() - before) / (start.duration(to: .now) / .seconds(1))
    }

    /// One round of batches; the thread of the two clients counts for nothing, and what is allocated anyway for nothing either.
    private static func round(_ publisher: Peer, _ frame: [UInt8], _ subscriber: Peer, _ length: Int, _ messages: Int, _ idle: Double)
        throws -> Measurement
    {
        let batch = Array(repeating: frame, count: batchSize).flatMap { $0 }
        var buffer = [UInt8](repeating: 0, count: batchSize * length)
        allocations_leave_out(true)
        defer { allocations_leave_out(false) }
        let (start, before, allocations) = (ContinuousClock.now, processor_time_of_others(), allocations_count())
        for _ in 0..<messages / batchSize {
            try publisher.send(batch)
            try subscriber.receive(into: &buffer, buffer.count)
        }
        let (after, more) = (processor_time_of_others(), allocations_count() - allocations)
        let own = max(0, Double(more) - idle * (start.duration(to: .now) / .seconds(1)))
        let count = Double(messages / batchSize * batchSize)
        return Measurement(
            user: (after.user - before.user) / count, total: (after.total - before.total) / count, allocations: own / count)
    }

    /// How many messages are under way at once: what a turn of the event loop costs is shared by them.
    private static let batchSize = 200

    /// Whether a message costs memory, be it one in 256.
    var allocates: Bool { allocations > 0.002 }

    /// What disturbs a round only makes it dearer.
    private mutating func take(_ other: Measurement) {
        user = min(user, other.user)
        total = min(total, other.total)
        allocations = min(allocations, other.allocations)
    }
}
