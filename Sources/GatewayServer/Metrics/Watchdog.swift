import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Tells from outside that an event loop does not come round, and which module it has called: everybody on it waits, and what does not
/// return can be measured by nobody.
final class Watchdog: Sendable {
    /// A thread for all gateways of the process.
    private static let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let patience: TimeAmount
    private let interval: TimeAmount
    private let watches: [LoopWatch]
    private let logger: Logger
    /// Since when the loops that have been told of stay away.
    private let away: Mutex<[Int: NIODeadline]> = Mutex([:])

    /// - Parameters:
    ///   - watches: One for each loop.
    ///   - logger: Where it tells.
    ///   - patience: How long a loop may stay away; it ticks every 50 ms.
    ///   - interval: How often somebody looks.
    init(_ watches: [LoopWatch], _ logger: Logger, patience: TimeAmount = .seconds(5), interval: TimeAmount = .seconds(1)) {
        (self.watches, self.logger, self.patience, self.interval) = (watches, logger, patience, interval)
    }

    /// Looks again and again, until the task is cancelled: on a thread of its own, which no module can hold up.
    func begin() -> RepeatedTask {
        let last = Mutex(NIODeadline.now())
        return Self.threads.next().scheduleRepeatedTask(initialDelay: interval, delay: interval) { [self] _ in
            // By the machine's clock, as what it watches.
            let now = NIODeadline.now()
            let before = last.withLock { last in
                defer { last = now }
                return last
            }
            // A process that was stopped as a whole has been away itself.
            if now - before < patience { look(now) }
        }
    }

    /// Writes a line for each loop that stays away, and one when it is back.
    func look(_ now: NIODeadline) {
        for (index, watch) in watches.enumerated() {
            guard let lastTick = watch.lastTick else { continue }
            let since = away.withLock { $0[index] }
            if now - lastTick >= patience {
                guard since == nil else { continue }
                away.withLock { $0[index] = lastTick }
                tell("an event loop does not come round, and all connections there wait", watch, index, now - lastTick)
            } else if let since {
                away.withLock { $0[index] = nil }
                tell("the event loop goes on", nil, index, lastTick - since)
            }
        }
    }

    private func tell(_ message: Logger.Message, _ watch: LoopWatch?, _ index: Int, _ duration: TimeAmount) {
        var metadata: Logger.Metadata = ["loop": "\(index)", "milliseconds": "\(duration.nanoseconds / 1_000_000)"]
        if let module = watch?.module {
            metadata["module"] = "\(module.instance)"
            metadata["stage"] = "\(module.stage)"
        }
        logger.log(level: watch == nil ? .notice : .error, message, metadata: metadata)
    }
}
