import CTimex
import Foundation
import GatewayKit
import GatewayServer

/// What the machine says of itself; nil for what it does not say.
struct MachineFacts {
    /// How many files the process may have open, once it has raised its limit.
    var openFiles: UInt64?
    /// The memory of the machine, or of the control group where that is less, in bytes.
    var memory: UInt64?
    /// How many connections wait in the kernel's queue at the most.
    var backlog: Int?
    /// The time of day.
    var now: Timestamp
    /// Whether something such as NTP keeps the clock right.
    var isClockKept: Bool?
    /// The user that asks.
    var user: UInt32

    /// Asks this machine.
    static func read() -> MachineFacts {
        let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap(number)
        return MachineFacts(
            openFiles: OpenFileLimit.hard, memory: ([machineMemory].compactMap(\.self) + limits).min(),
            backlog: number("/proc/sys/net/core/somaxconn").map { Int(clamping: $0) }, now: GatewayClock.system.timestamp,
            isClockKept: isClockKept,
            user: geteuid())
    }

    private static var isClockKept: Bool? {
        var state = timex()
        // Without modes this only reads.
        guard adjtimex(&state) >= 0 else { return nil }
        return state.status & STA_UNSYNC == 0
    }

    private static var machineMemory: UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        guard let match = text.firstMatch(of: /MemTotal: *([0-9]{1,15}) kB/) else { return nil }
        return UInt64(match.1).map { $0 << 10 }
    }

    /// The number in a file; nil for `max` too.
    private static func number(_ path: String) -> UInt64? {
        (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
}
