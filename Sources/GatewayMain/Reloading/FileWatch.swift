@preconcurrency private import Dispatch
private import Crypto
private import Foundation

/// Watches one file: written in place, replaced by a rename, or reached by a symbolic link that is swapped, as Kubernetes does it.
///
/// The system tells of what happens in the folders of the file (inotify); what counts is its content. Where the system cannot, the content
/// is looked at once a second.
///
/// Unchecked since the compiler does not know that a queue guards: all that changes is touched on `queue` alone, where the system's events
/// come too. The path and the descriptor never change.
final class FileWatch: @unchecked Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "gateway.watch")
    private let descriptor: Int32
    private var folders: [String: Int32] = [:]
    private var isLookDue = false
    private var last: SHA256Digest?
    private var source: (any DispatchSourceRead)?
    private var onChange: () -> Void = {}

    /// So long after the first sign, whoever writes has written.
    private static let settling = DispatchTimeInterval.milliseconds(100)
    private static let pollInterval = DispatchTimeInterval.seconds(1)

    /// Remembers the content of now: what comes later is a change.
    init(path: String) {
        self.path = path
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        last = FileContent.digest(path)
    }

    /// Yields for each change of the content, from the creation on; a file that is away is none.
    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        queue.async { [self] in
            onChange = { continuation.yield() }
            guard descriptor >= 0 else { return look() }
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            source.setEventHandler { [weak self] in self?.eventsCame() }
            source.setCancelHandler { [descriptor] in close(descriptor) }
            source.resume()
            self.source = source
            look()
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
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while read(descriptor, &buffer, buffer.count) > 0 {}
        lookSoon(Self.settling)
    }

    private func lookSoon(_ delay: DispatchTimeInterval) {
        guard !isLookDue else { return }
        isLookDue = true
        queue.asyncAfter(deadline: .now() + delay) { [weak self] in
            self?.isLookDue = false
            self?.look()
        }
    }

    /// Compares the content, once the folders are watched.
    private func look() {
        // Before the content is read: what happens after that is an event.
        let isWatching = watchFolders()
        if let digest = FileContent.digest(path), digest != last {
            last = digest
            onChange()
        }
        if !isWatching { lookSoon(Self.pollInterval) }
    }

    /// Watches every folder that the path leads through by links; whether the system does so.
    private func watchFolders() -> Bool {
        guard descriptor >= 0 else { return false }
        let mask = UInt32(
            IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF)
        var wanted: [String: Int32] = [:]
        for folder in Self.folders(of: path) {
            let watch = inotify_add_watch(descriptor, folder, mask)
            guard watch >= 0 else { return false }
            wanted[folder] = watch
        }
        let kept = Set(wanted.values)
        for watch in Set(folders.values) where !kept.contains(watch) { inotify_rm_watch(descriptor, watch) }
        folders = wanted
        return true
    }

    /// The folder of the path, and those of each link behind it.
    private static func folders(of path: String) -> Set<String> {
        var folders: Set<String> = []
        var link = URL(fileURLWithPath: path)
        // As many links as the system follows.
        for _ in 0..<40 {
            folders.insert(link.deletingLastPathComponent().path)
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link.path) else { break }
            link = URL(fileURLWithPath: target, relativeTo: link.deletingLastPathComponent()).absoluteURL
        }
        return folders
    }
}
