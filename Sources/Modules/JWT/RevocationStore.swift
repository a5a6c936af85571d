import Dispatch
import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Which tokens are revoked: a file that outlives the process, and its mirror in memory.
///
/// ``isRevoked(_:)`` looks into memory alone. All else waits for the disk on a queue of its own, one thing after another. Other
/// processes may write the file; what they add is found within a second. It is made by the first revocation.
final class RevocationStore: TokenRevocations {
    private static let pollInterval = Duration.seconds(1)
    private static let sweepInterval = TimeAmount.seconds(60)
    /// Revocations that may wait for the disk; more are refused.
    private static let maxWaiting = 1000

    /// What belongs to the queue.
    private struct Work {
        var file: RevocationFile?
        var nextSweep: NIODeadline?
        /// Whether the last look at the file failed, which has been told then.
        var isFailing = false
    }

    private let path: FilePath
    private let clock: GatewayClock
    private let logger: Logger
    private let maxRecords: Int
    private let queue = DispatchQueue(label: "revocations")
    private let work = Mutex(Work())
    /// Changed on the queue alone, and held for no longer than a look.
    private let index = Mutex(RevocationIndex())
    private let observer = Mutex<(@Sendable (Revocation) -> Void)?>(nil)
    private let polling = Mutex<Task<Void, Never>?>(nil)
    private let waiting = Atomic<Int>(0)

    init(_ path: FilePath, clock: GatewayClock, logger: Logger, maxRecords: Int = 1_000_000) {
        self.path = path
        self.clock = clock
        self.logger = logger
        self.maxRecords = maxRecords
    }

    /// Reads what there is, and begins to look for more.
    func start() async throws {
        try await run { [self] work in _ = try readNew(&work) }
        let task = Task { [weak self] in
            // SQLite tells nobody of what another process has written: it has to be asked, until stop() cancels the sleep.
            while (try? await Task.sleep(for: Self.pollInterval)) != nil {
                guard let self else { return }
                await poll()
            }
        }
        polling.withLock { $0 = task }
    }

    func stop() async {
        let task = polling.withLock { polling in
            defer { polling = nil }
            return polling
        }
        task?.cancel()
        await task?.value
        try? await run { work in
            work.file?.end()
            work.file = nil
        }
    }

    func observe(_ observer: @escaping @Sendable (Revocation) -> Void) { self.observer.withLock { $0 = observer } }

    func isRevoked(_ principal: Principal) -> Bool { index.withLock { $0.isRevoked(principal) } }

    func revoke(_ revocation: Revocation) async throws {
        let record = RevocationRecord(revocation)
        // SQLite would give back less than it was given.
        guard record.key.value.utf8.count <= CompactToken.maxBytes, !record.key.value.utf8.contains(0) else {
            throw ModuleError("no token can hold an id such as that")
        }
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maxWaiting else {
            throw ModuleError("\(Self.maxWaiting) revocations wait for the disk already")
        }
        try await run { [self] work in try keep(record, &work) }
    }

    /// Looks for what other processes have revoked, and now and then drops what has expired.
    func poll() async {
        try? await run { [self] work in
            do throws(ModuleError) {
                tell(try readNew(&work))
                if work.nextSweep.map({ $0 <= clock.now }) ?? true { try sweep(&work) }
                work.isFailing = false
            } catch {
                if !work.isFailing { logger.error("\(error)") }
                work.isFailing = true
            }
        }
    }

    /// Does something on the queue.
    private func run(_ body: @escaping @Sendable (inout Work) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.work.withLock { try body(&$0) } }) }
        }
    }
}

// On the queue.
extension RevocationStore {
    /// Opens the file where that has not been done, and takes what is new in it.
    private func readNew(_ work: inout Work) throws(ModuleError) -> [RevocationRecord] {
        if work.file == nil { work.file = try RevocationFile.find(path) }
        let now = clock.timestamp
        let new = try work.file?.readNew().filter { !$0.times.isOver(at: now) } ?? []
        add(new)
        return new
    }

    private func keep(_ record: RevocationRecord, _ work: inout Work) throws(ModuleError) {
        if work.file == nil { try RevocationFilePlace.make(path) }
        tell(try readNew(&work))
        var record = record
        let known = index.withLock { $0[record.key] }
        if let known { record.times = record.times.merged(with: known) }
        if known == nil { try makeRoom(&work) }
        if record.times == known {
            tell([record])
        } else {
            guard let new = try work.file?.write(record) else { throw ModuleError("\(path) was deleted while it was made") }
            add(new)
            tell(new)
        }
    }

    private func makeRoom(_ work: inout Work) throws(ModuleError) {
        guard index.withLock({ $0.count }) >= maxRecords else { return }
        try sweep(&work)
        guard index.withLock({ $0.count }) >= maxRecords else { return }
        throw ModuleError("\(maxRecords) revocations are kept already, which is the most", help: "revoke by user, not by token")
    }

    private func sweep(_ work: inout Work) throws(ModuleError) {
        work.nextSweep = clock.now + Self.sweepInterval
        let now = clock.timestamp
        // Filtered beside the lock: nobody else changes it meanwhile.
        let old = index.withLock { $0 }
        let current = old.current(at: now)
        if current.count < old.count { index.withLock { $0 = current } }
        try work.file?.delete(expiredAt: now.advanced(by: .zero - JWTSettings.maxLeeway))
    }

    private func add(_ records: [RevocationRecord]) {
        for record in records { index.withLock { $0.add(record) } }
    }

    private func tell(_ records: [RevocationRecord]) {
        guard let observer = observer.withLock({ $0 }) else { return }
        for record in records { observer(record.revocation) }
    }
}
