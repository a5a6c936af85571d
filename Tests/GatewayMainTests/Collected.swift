import Dispatch
import Synchronization

/// Lines that something printed, and a way to wait for one.
final class Collected: Sendable {
    private struct Contents {
        var lines: [String] = []
        var waiting: [(text: String, continuation: CheckedContinuation<String, Never>)] = []
    }

    private let contents = Mutex(Contents())

    var lines: [String] { contents.withLock { $0.lines } }
    var text: String { lines.joined(separator: "\n") }

    func append(_ text: String) {
        let new = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let found = contents.withLock { contents in
            contents.lines += new
            let found = contents.waiting.compactMap { waiting in
                new.first { $0.contains(waiting.text) }.map { (waiting.continuation, $0) }
            }
            contents.waiting.removeAll { waiting in new.contains { $0.contains(waiting.text) } }
            return found
        }
        for (continuation, line) in found { continuation.resume(returning: line) }
    }

    /// The first line that has the text, now or later.
    func line(with text: String) async -> String {
        await withCheckedContinuation { continuation in
            let found = contents.withLock { contents -> String? in
                if let line = contents.lines.first(where: { $0.contains(text) }) { return line }
                contents.waiting.append((text, continuation))
                return nil
            }
            if let found { continuation.resume(returning: found) }
        }
    }
}

/// Holds a thread up until it is opened.
final class Gate: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    func wait() {
        reached.signal()
        opened.wait()
        opened.signal()
    }

    func waitUntilReached() { reached.wait() }
    func open() { opened.signal() }
}
