private import Dispatch
private import Synchronization

/// Takes log lines on any thread and hands them on in order, on a thread of its own: a slow reader of the log never holds up an event loop.
///
/// At most 4 MiB wait. What comes while the queue is full is lost, and a line says how many were.
package final class LogSink: Sendable {
    private struct Waiting {
        var lines: [String] = []
        var bytes = 0
        var lost = 0
        var isScheduled = false
    }

    private static let limit = 4 << 20
    private let waiting = Mutex(Waiting())
    private let queue = DispatchQueue(label: "gateway.log")
    private let output: @Sendable (String) -> Void

    /// Makes a sink.
    ///
    /// - Parameter output: Writes lines, joined by line feeds; called on one thread at a time.
    package init(output: @escaping @Sendable (String) -> Void) { self.output = output }

    package func write(_ line: String) {
        let mustSchedule = waiting.withLock { waiting in
            guard waiting.bytes + line.utf8.count <= Self.limit else {
                waiting.lost += 1
                return false
            }
            waiting.lines.append(line)
            waiting.bytes += line.utf8.count
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if mustSchedule { queue.async { self.drain() } }
    }

    /// Waits until every line that was written so far has been handed on.
    package func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        let taken = waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return waiting
        }
        var lines = taken.lines
        if taken.lost > 0 { lines.append("\(taken.lost) log lines were lost: standard error is read too slowly") }
        if !lines.isEmpty { output(lines.joined(separator: "\n")) }
    }
}
