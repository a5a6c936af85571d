import Foundation
import GatewayKit
import Logging
import Synchronization

/// What an operator has said.
final class OperatorSwitch: Sendable {
    private let state = Atomic<Bool>(false)

    var isOn: Bool {
        get { state.load(ordering: .relaxed) }
        set { state.store(newValue, ordering: .relaxed) }
    }
}

/// On as long as a file is there: the file system is asked now and then, the answer read at no cost.
final class FileSwitch: Sendable {
    private let path: String
    private let interval: Duration
    private let logger: Logger
    private let state: Atomic<Bool>
    private let watch = Mutex<Task<Void, Never>?>(nil)

    init(_ file: FilePath, every interval: Duration, _ logger: Logger) {
        path = file.path
        self.interval = interval
        self.logger = logger
        state = Atomic(FileManager.default.fileExists(atPath: file.path))
    }

    var isOn: Bool { state.load(ordering: .relaxed) }

    func start() {
        if isOn { say(isOn) }
        let task = Task { [weak self, interval] in
            while !Task.isCancelled {
                // Nobody tells of a file on every file system, so it is looked for, until stop() cancels the sleep.
                try? await Task.sleep(for: interval)
                guard let self else { return }
                look()
            }
        }
        watch.withLock { $0 = task }
    }

    func stop() { watch.withLock { $0?.cancel() } }

    private func look() {
        let isThere = FileManager.default.fileExists(atPath: path)
        if state.exchange(isThere, ordering: .relaxed) != isThere { say(isThere) }
    }

    private func say(_ isOn: Bool) {
        logger.notice(isOn ? "maintenance begins: the file is there" : "maintenance ends: the file has gone", metadata: ["file": "\(path)"])
    }
}
