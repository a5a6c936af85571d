import GatewayKit
import NIOCore
import Synchronization

/// The routes that are at work, so that none outlives the gateway.
final class RunningRoutes: Sendable {
    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        var lastID = 0
        var isOver = false
    }

    private let state = Mutex(State())
    /// How long routes have to end once they are cancelled.
    private static let patience = Duration.seconds(2)

    /// Runs a route off the event loops.
    ///
    /// - Parameters:
    ///   - eventLoop: Where `done` is called, once, unless the gateway has ended before.
    ///   - route: The route; its cancellation says that nobody waits any more.
    ///   - done: Gets its answer.
    /// - Returns: The route's task.
    func run(
        on eventLoop: any EventLoop, _ route: @escaping @Sendable () async throws -> HTTPResponse,
        done: @escaping @Sendable (Result<HTTPResponse, any Error>) -> Void
    ) -> Task<Void, Never> {
        state.withLock { state in
            state.lastID += 1
            let task = Task(executorPreference: RouteThreads.shared) { [self, id = state.lastID] in
                let result: Result<HTTPResponse, any Error>
                do { result = .success(try await route()) } catch { result = .failure(error) }
                ended(id) { eventLoop.execute { done(result) } }
            }
            state.tasks[state.lastID] = task
            return task
        }
    }

    private func ended(_ id: Int, _ tell: () -> Void) {
        state.withLock { state in
            state.tasks[id] = nil
            // The lock keeps the loops alive meanwhile: end() comes before their end.
            if !state.isOver { tell() }
        }
    }

    /// Cancels what is at work, and waits for it, but not for what does not listen.
    func end() async {
        for task in state.withLock({ Array($0.tasks.values) }) { task.cancel() }
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, state.withLock({ !$0.tasks.isEmpty }) {
            // A task cannot be awaited for a time alone, and one that does not listen never ends: so it is looked, once in a gateway's life.
            try? await Task.sleep(for: .milliseconds(5))
        }
        state.withLock { $0.isOver = true }
    }
}
