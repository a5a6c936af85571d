@preconcurrency private import Dispatch
private import Crypto

/// Watches one file: written in place, replaced by a rename, or reached by a symbolic link that is swapped, as Kubernetes does it.
///
/// The system tells of what happens in the folders of the file; what counts is its content, once whoever writes it has closed it. Where the
/// system cannot, the content is looked at once a second, and counts when it has been the same twice.
///
/// Unchecked since the compiler does not know that a queue guards: all that changes is touched on `queue` alone, where the system's events
/// come too. The path never changes.
final class FileWatch: @unchecked Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "gateway.watch")
    private let events: FolderEvents
    /// Counts what put the next look off: only the last one looks.
    private var delays = 0
    private var isBeingWritten = false
    private var last: SHA256Digest?
    /// What the last look saw, where nobody tells of writers.
    private var candidate: SHA256Digest?
    private var source: (any DispatchSourceRead)?
    private var onChange: () -> Void = {}

    /// So long after the last sign, whoever replaces several things has done so.
    private static let settling = DispatchTimeInterval.milliseconds(100)
    private static let pollInterval = DispatchTimeInterval.seconds(1)

    /// Remembers the content of now: what comes later is a change.
    init(path: String) {
        self.path = path
        events = FolderEvents(path: path)
        last = FileContent.digest(path)
    }

    /// Yields for each change of the content, from the creation on; a file that is away is none.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        queue.async { [self] in
            onChange = { continuation.yield() }
            defer { look() }
            guard events.descriptor >= 0 else { return }
            let source = DispatchSource.makeReadSource(fileDescriptor: events.descriptor, queue: queue)
            source.setEventHandler { [weak self] in self?.eventsCame() }
            // The descriptor has to outlive the source.
            source.setCancelHandler { [events] in withExtendedLifetime(events) {} }
            source.resume()
            self.source = source
        }
        continuation.onTermination = { _ in self.end() }
        return stream
    }

    private func end() {
        queue.async { [self] in
            source?.cancel()
            source = nil
            onChange = {}
        }
    }

    private func eventsCame() {
        guard let news = events.news() else { return }
        isBeingWritten = news == .piece
        lookLater(Self.settling)
    }

    private func lookLater(_ delay: DispatchTimeInterval) {
        delays &+= 1
        let delay = (number: delays, time: delay)
        queue.asyncAfter(deadline: .now() + delay.time) { [weak self] in
            if self?.delays == delay.number { self?.look() }
        }
    }

    /// Compares the content, once the folders are watched.
    private func look() {
        // Before the content is read: what happens after that is an event.
        let isTold = events.listen()
        if !isTold { lookLater(Self.pollInterval) }
        let digest = FileContent.digest(path)
        // One who began to write while it was read.
        if let news = events.news() {
            isBeingWritten = news == .piece
            lookLater(Self.settling)
            return
        }
        defer { candidate = digest }
        guard !isBeingWritten, let digest, digest != last, isTold || digest == candidate else { return }
        last = digest
        onChange()
    }
}
