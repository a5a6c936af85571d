/// A wait with an end, also for what does not listen to being cancelled.
enum Patience {
    /// Runs something and waits for it.
    ///
    /// - Parameters:
    ///   - limit: How long to wait.
    ///   - body: What to run; it goes on unseen where it is late and cannot be cancelled.
    /// - Returns: What it answers; nil where it is late.
    static func wait<Value: Sendable>(_ limit: Duration, for body: @escaping @Sendable () async -> Value) async -> Value? {
        let (answers, sender) = AsyncStream.makeStream(of: Value?.self)
        let work = Task { sender.yield(await body()) }
        let timer = Task {
            // The deadline itself; it is cancelled where the answer is there before.
            try? await Task.sleep(for: limit)
            sender.yield(nil)
        }
        defer {
            work.cancel()
            timer.cancel()
        }
        for await answer in answers { return answer }
        return nil
    }
}
