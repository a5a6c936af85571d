import GatewayKit
import NIOCore
import Synchronization

/// What has arrived and was not asked for yet, and who waits for the next: the one door between the client's loop and the test.
final class Inbox: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Received, any Error>
    }
    private struct State {
        var items = CircularBuffer<Received>()
        var waiter: Waiter?
        var count = 0
        var isOver = false
    }
    private let state = Mutex(State())

    /// How many items wait; a test of what has *not* been read looks at it.
    var count: Int { state.withLock { $0.items.count } }

    func put(_ item: Received) {
        let waiter = state.withLock { state -> Waiter? in
            guard !state.isOver else { return nil }
            if item == .end || item == .reset { state.isOver = true }
            defer { state.waiter = nil }
            if state.waiter == nil { state.items.append(item) }
            return state.waiter
        }
        waiter?.continuation.resume(returning: item)
    }

    /// The next item.
    ///
    /// One caller at a time: a second one takes the first one's place, which then fails.
    func next(within limit: Duration, on loop: any EventLoop, wanted: String) async throws -> Received {
        let id = state.withLock { state in
            state.count += 1
            return state.count
        }
        let deadline = loop.scheduleTask(in: limit.timeAmount) {
            self.fail(id, .nothingCame(waitingFor: wanted))
        }
        defer { deadline.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            let (item, isOver, old) = state.withLock { state -> (Received?, Bool, Waiter?) in
                if let item = state.items.popFirst() { return (item, false, nil) }
                if state.isOver { return (nil, true, nil) }
                let old = state.waiter
                state.waiter = Waiter(id: id, continuation: continuation)
                return (nil, false, old)
            }
            if let item { continuation.resume(returning: item) }
            if isOver { continuation.resume(throwing: TestClientError.ended(waitingFor: wanted)) }
            old?.continuation.resume(throwing: TestClientError.nothingCame(waitingFor: "what another call is waiting for now"))
        }
    }

    private func fail(_ id: Int, _ error: TestClientError) {
        let waiter = state.withLock { state -> Waiter? in
            guard let waiter = state.waiter, waiter.id == id else { return nil }
            state.waiter = nil
            return waiter
        }
        waiter?.continuation.resume(throwing: error)
    }
}
