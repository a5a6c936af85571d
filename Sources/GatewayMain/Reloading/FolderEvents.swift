private import Glibc

/// What the system tells of the folders that a path leads through (inotify).
///
/// Not thread-safe: one queue calls.
final class FolderEvents {
    /// What the last event was about.
    enum News {
        /// A name of the path may stand for something else now, or whoever wrote the file has closed it.
        case change
        /// A piece was written into the file, by one who has not closed it yet.
        case piece
    }

    /// Becomes readable when there is news; negative where the system has none to give.
    let descriptor: Int32
    private let path: String
    private var names: [Int32: Set<String>] = [:]

    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE_SELF | IN_MOVE_SELF)

    init(path: String) {
        self.path = path
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Listens to every folder that the path leads through now, and to no other; whether the system does so.
    func listen() -> Bool {
        guard descriptor >= 0 else { return false }
        var wanted: [Int32: Set<String>] = [:]
        var isComplete = true
        for (folder, names) in PathEntries.names(of: path) {
            let watch = inotify_add_watch(descriptor, folder, Self.mask)
            if watch < 0 { isComplete = false } else { wanted[watch, default: []].formUnion(names) }
        }
        for watch in names.keys where wanted[watch] == nil { inotify_rm_watch(descriptor, watch) }
        names = wanted
        return isComplete
    }

    /// What happened last to the names of the path, since the last call; nil for nothing.
    func news() -> News? {
        var news: News?
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return news }
            buffer.withUnsafeBytes { note(UnsafeRawBufferPointer(rebasing: $0.prefix(count)), in: &news) }
        }
    }

    private func note(_ events: UnsafeRawBufferPointer, in news: inout News?) {
        let headSize = MemoryLayout<inotify_event>.size
        var rest = events[...]
        while rest.count >= headSize {
            let head = UnsafeRawBufferPointer(rebasing: rest).loadUnaligned(as: inotify_event.self)
            let name = rest.dropFirst(headSize).prefix(Int(head.len))
            rest = rest.dropFirst(headSize).dropFirst(Int(head.len))
            guard concerns(head, String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)) else { continue }
            news = head.mask & UInt32(IN_MODIFY) != 0 ? .piece : .change
        }
    }

    /// Whether an event is about the path: by its name, by what happened to a folder, or since events were lost.
    private func concerns(_ event: inotify_event, _ name: String) -> Bool {
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return true }
        guard let names = names[event.wd] else { return false }
        return event.len == 0 || names.contains(name)
    }
}
