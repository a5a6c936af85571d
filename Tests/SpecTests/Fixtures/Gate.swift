import NIOCore
import Synchronization

/// Where a test meets the module that it put into the pipeline: the module waits at the gate until the test opens it.
final class Gate: Sendable {
    private struct State {
        var waiting: [EventLoopPromise<Void>] = []
        var arrived = 0
        var accepted = 0
        var released = 0
    }
    private let state = Mutex(State())
    private static let gates = Mutex<[String: Gate]>([:])

    /// A gate that `modules.<name>.gate: KEY` finds.
    static func named(_ key: String) -> Gate {
        gates.withLock { gates in
            let gate = gates[key] ?? Gate()
            gates[key] = gate
            return gate
        }
    }

    /// A future that ends when the test opens the gate.
    func wait(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        state.withLock {
            $0.waiting.append(promise)
            $0.arrived += 1
        }
        return promise.futureResult
    }

    /// Lets everyone through who waits now.
    func open() { take().forEach { $0.succeed() } }

    /// Fails everyone who waits now.
    func fail(_ error: any Error) { take().forEach { $0.fail(error) } }

    private func take() -> [EventLoopPromise<Void>] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    func noteAccepted() { state.withLock { $0.accepted += 1 } }
    func noteReleased() { state.withLock { $0.released += 1 } }

    /// How many have come to the gate so far.
    var arrived: Int { state.withLock { $0.arrived } }
    /// How many connections were let in, and how many of these were given back.
    var counts: (accepted: Int, released: Int) { state.withLock { ($0.accepted, $0.released) } }
}
