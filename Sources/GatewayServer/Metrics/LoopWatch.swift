import NIOCore
import Synchronization

/// Which module an event loop has called, and when the loop last came round: the loop writes, the ``Watchdog`` reads.
final class LoopWatch: Sendable {
    private let called = Atomic<Int>(0)
    private let ticked = Atomic<UInt64>(0)

    /// The module that has been called and has not returned.
    var module: DutyName? { DutyName(number: called.load(ordering: .relaxed)) }

    /// When the loop last ticked, by the machine's clock; nil before its start and after its end.
    var lastTick: NIODeadline? {
        let ticked = ticked.load(ordering: .relaxed)
        return ticked == 0 ? nil : .uptimeNanoseconds(ticked)
    }

    /// A module is called; answers which one is under way around that.
    func begin(_ module: DutyName) -> Int {
        let outer = called.load(ordering: .relaxed)
        called.store(module.number, ordering: .relaxed)
        return outer
    }

    /// It has returned.
    func end(_ outer: Int) { called.store(outer, ordering: .relaxed) }

    func tick(_ now: NIODeadline) { ticked.store(now.uptimeNanoseconds, ordering: .relaxed) }

    func stop() { ticked.store(0, ordering: .relaxed) }
}
