import Foundation

/// The threads that hash passwords: few, so that logins leave the rest of the machine to the rest of the gateway.
///
/// What waits for them is bounded by ``RequestBound``, which every login goes through.
final class HashThreads: Sendable {
    private let queue = OperationQueue()

    init(count: Int) { queue.maxConcurrentOperationCount = count }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result(catching: body)) }
        }
    }
}
