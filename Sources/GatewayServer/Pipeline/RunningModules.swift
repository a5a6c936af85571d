import GatewayKit
import Synchronization

/// Every module of the process that has started and not stopped, of whatever generation.
///
/// Sendable; callable on any thread.
final class RunningModules: Sendable {
    private struct State {
        var groups: [Int: [any Module]] = [:]
        var stops: [Int: Task<Void, Never>] = [:]
        /// Leases for as long as the gateway runs.
        var kept: [ModuleLease] = []
        var lastID = 0
        var isOver = false
    }

    private let state = Mutex(State())

    /// How many groups have started and not been told to stop.
    var count: Int { state.withLock { $0.groups.count } }

    /// Starts modules one after another; where one fails, those before it are stopped again.
    ///
    /// - Parameters:
    ///   - made: Who needs another one stands behind it.
    ///   - foundation: What they need, which stops after them.
    /// - Returns: Keeps them running, as long as somebody holds it.
    /// - Throws: ``ConfigurationFailure`` that names the module that throws; ``Rejection`` once ``stopAll()`` has been called.
    func start(_ made: [MadeModule], after foundation: ModuleLease? = nil) async throws -> ModuleLease {
        let modules = made.map(\.module)
        for (index, made) in made.enumerated() {
            do {
                try await made.module.start()
            } catch {
                await Self.stop(modules[..<index])
                throw ConfigurationFailure(made.configured, error)
            }
        }
        let id: Int? = state.withLock { state in
            guard !state.isOver else { return nil }
            state.lastID += 1
            state.groups[state.lastID] = modules
            return state.lastID
        }
        guard let id else {
            await Self.stop(modules[...])
            throw Rejection(.draining, "The gateway is going down")
        }
        return ModuleLease(id: id, foundation: foundation, running: self)
    }

    /// Holds a lease until ``stopAll()``.
    func keep(_ lease: ModuleLease) { state.withLock { $0.kept.append(lease) } }

    /// Stops all that run, the youngest first, and returns once everything has stopped; nothing starts any more.
    func stopAll() async {
        let running = state.withLock { state in
            state.isOver = true
            return state.groups.keys.sorted(by: >)
        }
        for id in running { end(id, nil) }
        // Stopping the rest waits for what was told to stop before.
        while let stop = state.withLock({ $0.stops.max { $0.key < $1.key } }) {
            await stop.value.value
            state.withLock { $0.stops[stop.key] = nil }
        }
        let kept = state.withLock { state in
            defer { state.kept = [] }
            return state.kept
        }
        // Released outside of the lock, which the end of a lease takes.
        withExtendedLifetime(kept) {}
    }

    /// Stops the modules of a group that nobody holds any more; a second call changes nothing.
    fileprivate func end(_ id: Int, _ foundation: ModuleLease?) {
        state.withLock { state in
            guard let modules = state.groups.removeValue(forKey: id) else { return }
            // The youngest first, and one group after another: a foundation is older than what stands on it.
            let before = state.stops.filter { $0.key > id }.map(\.value)
            state.stops[id] = Task { [weak self] in
                for stop in before { await stop.value }
                await Self.stop(modules[...])
                withExtendedLifetime(foundation) {}
                self?.state.withLock { _ = $0.stops.removeValue(forKey: id) }
            }
        }
    }

    private static func stop(_ modules: ArraySlice<any Module>) async {
        for module in modules.reversed() { await module.stop() }
    }
}

/// Keeps started modules from stopping: held by whoever uses them, and they stop once nobody does.
final class ModuleLease: Sendable {
    private let id: Int
    private let foundation: ModuleLease?
    private let running: RunningModules

    fileprivate init(id: Int, foundation: ModuleLease?, running: RunningModules) {
        self.id = id
        self.foundation = foundation
        self.running = running
    }

    deinit { running.end(id, foundation) }
}
