private import Foundation

/// Watches who reads what is printed.
enum StandardOutput {
    /// Yields once nobody can read from a pipe or terminal any more; never for a file.
    ///
    /// A thread of its own waits for that: a program that prints nothing would not learn of it otherwise.
    static func ended(_ descriptor: Int32 = STDOUT_FILENO) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        Thread {
            // Without events poll waits for errors and hang-ups alone.
            var state = pollfd(fd: descriptor, events: 0, revents: 0)
            while poll(&state, 1, -1) < 0, errno == EINTR {}
            if Int32(state.revents) & (POLLERR | POLLHUP) != 0 { continuation.yield() }
            continuation.finish()
        }.start()
        return stream
    }
}
