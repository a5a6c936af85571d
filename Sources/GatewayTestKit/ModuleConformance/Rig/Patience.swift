import Synchronization

/// Waits for something that nobody can cancel, and not for ever.
///
/// - Parameters:
///   - patience: How long.
///   - wanted: What is waited for, for the error.
///   - body: What may never return.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws; ``Unmet`` where it takes longer.
func within<Value: Sendable>(
    _ patience: Duration, _ wanted: @autoclosure () -> String, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let error = Unmet(what: "\(wanted()) within \(patience)")
    let waiter = Waiter<Value>()
    return try await withCheckedThrowingContinuation { continuation in
        waiter.wait(continuation)
        let alarm = Task {
            // The deadline itself; it is cancelled where the body is done before.
            try await Task.sleep(for: patience)
            waiter.end(.failure(error))
        }
        Task {
            do { waiter.end(.success(try await body())) } catch { waiter.end(.failure(error)) }
            alarm.cancel()
        }
    }
}

/// Resumes whoever waits, once.
private final class Waiter<Value: Sendable>: Sendable {
    private let continuation = Mutex<CheckedContinuation<Value, any Error>?>(nil)

    func wait(_ continuation: CheckedContinuation<Value, any Error>) { self.continuation.withLock { $0 = continuation } }

    func end(_ result: Result<Value, any Error>) {
        let waiting = continuation.withLock { $0.take() }
        waiting?.resume(with: result)
    }
}
