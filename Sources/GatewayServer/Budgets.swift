import GatewayKit
import Synchronization

/// Budgets of the whole process.
final class Budgets: Sendable {
    /// Bytes that wait for clients.
    let queued: Budget
    /// Bytes of messages that have begun and not ended.
    let inbound: Budget
    let subscriptions: Budget

    init(_ limits: LimitSettings) {
        queued = Budget(limit: limits.maxTotalQueue.bytes)
        inbound = Budget(limit: limits.maxTotalInbound.bytes)
        subscriptions = Budget(limit: limits.maxTotalSubscriptions)
    }

    /// Takes over new limits.
    func adopt(_ limits: LimitSettings) {
        queued.limit = limits.maxTotalQueue.bytes
        inbound.limit = limits.maxTotalInbound.bytes
        subscriptions.limit = limits.maxTotalSubscriptions
    }
}

/// A count with a limit, shared by all loops.
final class Budget: Sendable {
    private let used = Atomic<Int>(0)
    private let most: Atomic<Int>
    /// What the largest holder of each loop has, as far as the loops have said since the budget was exceeded.
    private let largest = Mutex<[Int: Int]>([:])

    init(limit: Int) { most = Atomic(limit) }

    /// How much there is; what is used beyond a lowered limit stays.
    var limit: Int {
        get { most.load(ordering: .relaxed) }
        set { most.store(newValue, ordering: .relaxed) }
    }

    func add(_ difference: Int) { used.wrappingAdd(difference, ordering: .relaxed) }

    /// Takes `count` where that stays within the limit.
    func take(_ count: Int = 1) -> Bool {
        let (_, new) = used.wrappingAdd(count, ordering: .relaxed)
        if new <= limit { return true }
        used.wrappingSubtract(count, ordering: .relaxed)
        return false
    }

    /// How much is used.
    var count: Int { used.load(ordering: .relaxed) }
    /// Whether more is used than there is.
    var isExceeded: Bool { count > limit }

    /// Whether the budget is exceeded and a loop's largest holder is the largest of all.
    ///
    /// A loop only says what it has at its first tick; by its second one the others have said so too.
    func isLargest(_ loop: Int, holds bytes: () -> Int) -> Bool {
        guard isExceeded else {
            largest.withLock { if !$0.isEmpty { $0[loop] = nil } }
            return false
        }
        let held = bytes()
        return largest.withLock { largest in
            guard largest.updateValue(held, forKey: loop) != nil, held > 0, largest.values.max() == held else { return false }
            largest.removeAll()
            return true
        }
    }
}
