import GatewayKit
import Logging
import NIOCore

/// Names the modules that take long to answer at once: everybody on their loop waits for that.
struct SlowModules {
    /// What is told: as long as some thousands of deliveries take.
    static let threshold = TimeAmount.milliseconds(10)
    /// How often a module is named at most.
    private static let interval = TimeAmount.seconds(10)

    private struct Found {
        var count = 0
        var longest = TimeAmount.zero
        var named: NIODeadline?
    }
    private var found: [DutyName: Found] = [:]
    private var hasNews = false

    /// A measured answer took that long.
    mutating func note(_ name: DutyName, _ duration: TimeAmount) {
        found[name, default: Found()].count &+= 1
        found[name, default: Found()].longest = max(found[name, default: Found()].longest, duration)
        hasNews = true
    }

    /// Writes a line for each module that was found since its last one.
    mutating func flush(_ now: NIODeadline, _ logger: Logger) {
        guard hasNews else { return }
        hasNews = false
        for (name, module) in found where module.count > 0 {
            if let named = module.named, now < named + Self.interval {
                hasNews = true
                continue
            }
            logger.warning(
                "a module holds up its event loop, and all connections there",
                metadata: [
                    "module": "\(name.instance)", "stage": "\(name.stage)",
                    "milliseconds": "\(module.longest.nanoseconds / 1_000_000)", "seen": "\(module.count)",
                ])
            found[name] = Found(named: now)
        }
    }
}
