import DequeModule
import GatewayKit
import NIOCore

/// Events that wait to be posted, each with its number.
///
/// Where it is full, the oldest is dropped: what a back end can do without is what it would have heard last.
struct EventQueue {
    static let maxBatch = 100
    private var events: Deque<(sequence: Int64, event: ConnectionEvent)> = []
    private var sequence: Int64 = 0

    var isEmpty: Bool { events.isEmpty }

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - limit: How many may wait.
    /// - Returns: How many were dropped for it.
    mutating func add(_ event: ConnectionEvent, limit: Int) -> Int {
        sequence &+= 1
        events.append((sequence, event))
        let dropped = max(0, events.count - limit)
        events.removeFirst(dropped)
        return dropped
    }

    /// Takes the oldest events.
    mutating func takeBatch() -> EventBatch {
        let batch = EventBatch(events: Array(events.prefix(Self.maxBatch)))
        events.removeFirst(batch.events.count)
        return batch
    }

    /// Puts events back that have not been posted.
    mutating func putBack(_ batch: EventBatch) { events.prepend(contentsOf: batch.events) }

    /// Forgets all.
    ///
    /// - Returns: How many there were.
    mutating func removeAll() -> Int {
        defer { events = [] }
        return events.count
    }
}

/// Events that are posted together.
struct EventBatch: Sendable {
    let events: [(sequence: Int64, event: ConnectionEvent)]

    /// The request's body.
    ///
    /// - Parameter gateway: Names the process whose events are counted together.
    /// - Returns: One JSON object.
    func body(from gateway: String) -> ByteBuffer {
        var list = ByteBuffer(string: "[")
        for (index, (sequence, event)) in events.enumerated() {
            if index > 0 { list.writeString(",") }
            list.writeImmutableBuffer(event.json(sequence: sequence))
        }
        list.writeString("]")
        var members = JSONWriter()
        members.member("gateway", .string(gateway))
        members.member("events", json: list)
        return members.finish()
    }
}
