import Foundation
import Synchronization

/// The threads that hash passwords: few, so that logins leave the rest of the machine to the rest of the gateway.
///
/// What waits for them is bounded by ``RequestBound``, which every login goes through.
final class HashThreads: Sendable {
    private let queue = OperationQueue()
    private let runs = Atomic(0)

    /// How many passwords were given to hash.
    var runCount: Int { runs.load(ordering: .relaxed) }

    init(count: Int) { queue.maxConcurrentOperationCount = count }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        runs.wrappingAdd(1, ordering: .relaxed)
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result(catching: body)) }
        }
    }
}
