import NIOCore
import Testing

@testable import GatewayServer

@Suite struct DeadlineWheelTests {
    final class Probe: Timed {
        var asked: [NIODeadline] = []
        var next: NIODeadline?
        override func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
            asked.append(now)
            defer { next = nil }
            return next
        }
    }

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `nothing is asked before its deadline`() {
        let wheel = DeadlineWheel(now: start)
        let probe = Probe()
        wheel.schedule(probe, at: start + .seconds(10))
        wheel.advance(to: start + .milliseconds(9_999))
        #expect(probe.asked.isEmpty)
    }

    @Test(arguments: [1, 49, 50, 51, 1000, 51_200, 51_201, 3_600_000])
    func `a deadline is met within a slot of its time`(milliseconds: Int64) {
        let wheel = DeadlineWheel(now: start)
        let probe = Probe()
        let deadline = start + .milliseconds(milliseconds)
        probe.next = nil
        wheel.schedule(probe, at: deadline)
        var now = start
        while probe.asked.last.map({ $0 < deadline }) ?? true, now < deadline + .seconds(1) {
            // Beyond the wheel's horizon an item is asked early and says when it wants to be asked again.
            probe.next = deadline
            now = now + .milliseconds(50)
            wheel.advance(to: now)
        }
        #expect(probe.asked.contains { $0 >= deadline && $0 <= deadline + .milliseconds(150) })
    }

    @Test func `an earlier deadline wins and a later one changes nothing`() {
        let wheel = DeadlineWheel(now: start)
        let probe = Probe()
        wheel.schedule(probe, at: start + .seconds(5))
        wheel.schedule(probe, at: start + .seconds(1))
        wheel.schedule(probe, at: start + .seconds(3))
        wheel.advance(to: start + .milliseconds(1_100))
        #expect(probe.asked.count == 1)
    }

    @Test func `what is cancelled is never asked, and its neighbours are`() {
        let wheel = DeadlineWheel(now: start)
        let probes = (0..<10).map { _ in Probe() }
        for probe in probes { wheel.schedule(probe, at: start + .seconds(1)) }
        for probe in probes.prefix(5) { wheel.cancel(probe) }
        wheel.cancel(probes[0])
        wheel.advance(to: start + .seconds(2))
        #expect(probes.map(\.asked.count) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    }

    @Test func `a clock that jumps by hours asks everything once`() {
        let wheel = DeadlineWheel(now: start)
        let probes = (0..<100).map { _ in Probe() }
        for (index, probe) in probes.enumerated() { wheel.schedule(probe, at: start + .seconds(Int64(index))) }
        wheel.advance(to: start + .hours(5))
        #expect(probes.allSatisfy { $0.asked.count == 1 })
    }
}
