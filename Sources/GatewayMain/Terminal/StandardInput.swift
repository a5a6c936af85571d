private import Foundation

/// Reads what is typed.
enum StandardInput {
    /// The lines of standard input, without their line feeds.
    ///
    /// A thread of its own waits for them: reading a terminal cannot be cancelled, and must not hold up a thread of the pool.
    static func lines() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        Thread {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }.start()
        return stream
    }
}
