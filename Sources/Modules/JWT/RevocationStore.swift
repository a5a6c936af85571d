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
    /// Calls that may wait for the disk; more are refused.
    private static let maxWaiting = 1000
    /// Revocations of one transaction: some milliseconds, for which others wait.
    private static let maxBatch = 1000

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
    /// How many modules have started with it: two while a reload puts one in the place of another.
    private let users = Mutex(0)

    init(_ path: FilePath, clock: GatewayClock, logger: Logger, maxRecords: Int = 1_000_000) {
        self.path = path
        self.clock = clock
        self.logger = logger
        self.maxRecords = maxRecords
    }

    /// Reads what there is, and begins to look for more; for the second user, and where it is told
    /// not to look for more, it only looks.
    func start(looksForMore: Bool = true) async throws {
        try await run { [self] work in _ = try readNew(&work) }
        let isFirst = users.withLock { users in
            users += 1
            return users == 1
        }
        guard isFirst, looksForMore else { return }
        let task = Task { [weak self] in
            // SQLite tells nobody of what another process has written: it has to be asked, until stop() cancels the sleep.
            while (try? await Task.sleep(for: Self.pollInterval)) != nil {
                guard let self else { return }
                await poll()
            }
        }
        polling.withLock { $0 = task }
    }

    /// Ends with its last user.
    func stop() async {
        let isLast = users.withLock { users in
            users -= 1
            return users == 0
        }
        guard isLast else { return }
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

    func revoke(_ revocations: [Revocation]) async throws {
        let records = revocations.map { RevocationRecord($0) }.filter(\.canBeKept)
        defer { waiting.wrappingSubtract(1, ordering: .relaxed) }
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maxWaiting else {
            throw ModuleError("\(Self.maxWaiting) revocations wait for the disk already")
        }
        var rest = records[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.maxBatch)
            rest = rest.dropFirst(Self.maxBatch)
            try await run { [self] work in try keep(batch, &work) }
        }
        guard records.count == revocations.count else { throw ModuleError("no token can hold an id such as that") }
    }

    func current() async -> [Revocation] {
        // On the queue, where nobody changes the index: a copy of it would make that change copy all of it, under the lock.
        (try? await run { [self] _ in index.withLock { $0 }.revocations(at: clock.timestamp) }) ?? []
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
    private func run<Result: Sendable>(_ body: @escaping @Sendable (inout Work) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try self.work.withLock { try body(&$0) } }) }
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

    /// Writes what is not known yet, and tells of it.
    private func keep(_ batch: ArraySlice<RevocationRecord>, _ work: inout Work) throws(ModuleError) {
        let now = clock.timestamp
        let batch = batch.filter { !$0.times.isOver(at: now) }
        guard !batch.isEmpty else { return }
        if work.file == nil { try RevocationFilePlace.make(path) }
        tell(try readNew(&work))
        let (changes, isFull) = try changes(batch, &work)
        if !changes.isEmpty {
            do throws(ModuleError) {
                guard let new = try work.file?.write(changes) else { throw ModuleError("\(path) was deleted while it was made") }
                add(new)
                tell(new)
            } catch {
                // In force without being kept is better than neither; whoever asked hears that it is not kept.
                add(changes)
                tell(changes)
                throw error
            }
        }
        guard !isFull else {
            throw ModuleError("\(maxRecords) revocations are kept already, which is the most", help: "revoke by user, not by token")
        }
    }

    /// What a batch changes, merged with what is known; not more than there is room for.
    private func changes(
        _ batch: [RevocationRecord], _ work: inout Work
    ) throws(ModuleError) -> (records: [RevocationRecord], isFull: Bool) {
        var changed = RevocationIndex()
        var records: [RevocationRecord] = []
        var (newCount, hasSwept, isFull) = (0, false, false)
        for var record in batch {
            let known = changed[record.key] ?? index.withLock { $0[record.key] }
            if let known { record.times = record.times.merged(with: known) }
            if record.times == known { continue }
            if known == nil {
                if !hasRoom(newCount), !hasSwept {
                    try sweep(&work)
                    hasSwept = true
                }
                guard hasRoom(newCount) else {
                    isFull = true
                    continue
                }
                newCount += 1
            }
            changed.add(record)
            records.append(record)
        }
        return (records, isFull)
    }

    /// Whether there is room for one more, beside those that are to be written.
    private func hasRoom(_ newCount: Int) -> Bool { index.withLock { $0.count } + newCount < maxRecords }

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
