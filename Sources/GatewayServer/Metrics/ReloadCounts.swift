import Synchronization

/// What has become of reloads, for the metrics.
package enum ReloadResult: String, Sendable, CaseIterable {
    /// A new generation serves.
    case reloaded
    /// The configuration was the same.
    case unchanged
    /// The configuration has errors, or changes what only a restart can: the old one serves on.
    case refused
}

/// How many reloads there were of each result.
final class ReloadCounts: Sendable {
    private let counts = Mutex<[ReloadResult: Int]>([:])

    subscript(result: ReloadResult) -> Int { counts.withLock { $0[result, default: 0] } }

    func note(_ result: ReloadResult) { counts.withLock { $0[result, default: 0] += 1 } }
}
