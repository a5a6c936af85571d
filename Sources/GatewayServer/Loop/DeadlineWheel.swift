import NIOCore

/// Something with a deadline now and then: one entry in its loop's wheel, moved when the deadline moves.
class Timed {
    /// Where it stands in the wheel; -1 is nowhere.
    fileprivate var slot = -1
    fileprivate var position = 0
    fileprivate(set) var dueTick = Int64.max

    /// Called when the deadline has passed, or a little before; answers the next one.
    func deadlinePassed(_ now: NIODeadline) -> NIODeadline? { nil }
}

@available(*, unavailable)
extension Timed: Sendable {}

/// Deadlines of one event loop: a timing wheel with slots of 50 ms, O(1) to set, move and cancel.
///
/// Deadlines beyond its horizon wait in the farthest slot and are looked at again when that comes.
final class DeadlineWheel {
    static let tick = TimeAmount.milliseconds(50)
    private static let slotCount = 1024
    private var slots = ContiguousArray<ContiguousArray<Timed>>(repeating: [], count: slotCount)
    private var current: Int64

    init(now: NIODeadline) { current = Self.tickIndex(now) }

    private static func tickIndex(_ deadline: NIODeadline) -> Int64 {
        Int64(clamping: deadline.uptimeNanoseconds / UInt64(tick.nanoseconds))
    }

    /// Sees to it that `item` is asked at `deadline` or up to a slot later.
    ///
    /// An earlier deadline that is set already stays.
    func schedule(_ item: Timed, at deadline: NIODeadline) {
        let due = max(Self.tickIndex(deadline) + 1, current + 1)
        if item.slot >= 0 {
            guard due < item.dueTick else { return }
            cancel(item)
        }
        insert(item, due: due)
    }

    func cancel(_ item: Timed) {
        guard item.slot >= 0 else { return }
        let slot = item.slot
        let last = slots[slot].removeLast()
        if last !== item {
            slots[slot][item.position] = last
            last.position = item.position
        }
        item.slot = -1
        item.dueTick = .max
    }

    /// Asks everything whose deadline has passed by `now`.
    func advance(to now: NIODeadline) {
        let target = Self.tickIndex(now)
        // A clock that jumped further than the wheel is round needs each slot but once.
        if target - current > Int64(Self.slotCount) { current = target - Int64(Self.slotCount) }
        while current < target {
            current += 1
            fire(slot: Int(current % Int64(Self.slotCount)), now)
        }
    }

    private func fire(slot: Int, _ now: NIODeadline) {
        guard !slots[slot].isEmpty else { return }
        let due = slots[slot]
        slots[slot].removeAll(keepingCapacity: due.count <= 64)
        for item in due {
            item.slot = -1
            item.dueTick = .max
        }
        for item in due where item.slot < 0 {
            if let next = item.deadlinePassed(now) { schedule(item, at: next) }
        }
    }

    private func insert(_ item: Timed, due: Int64) {
        let reachable = min(due, current + Int64(Self.slotCount) - 1)
        let slot = Int(reachable % Int64(Self.slotCount))
        item.slot = slot
        item.dueTick = due
        item.position = slots[slot].count
        slots[slot].append(item)
    }
}

@available(*, unavailable)
extension DeadlineWheel: Sendable {}
