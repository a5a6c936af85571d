public import GatewayKit
public import NIOCore
private import Synchronization

/// A clock that stands still until a test moves it.
///
/// Starts at 2026-01-01T00:00:00Z. Callable on any thread.
public final class ManualClock: Sendable {
    private struct Reading {
        var now: NIODeadline
        var timestamp: Timestamp
    }
    private let reading: Mutex<Reading>

    /// Makes a clock.
    ///
    /// - Parameter timestamp: The date to start at; nil for 2026-01-01T00:00:00Z.
    public init(timestamp: Timestamp? = nil) {
        // The monotonic time starts anywhere but at 0, so that nobody takes it for a date or for an empty value.
        let start = Reading(
            now: .uptimeNanoseconds(1_000_000_000_000), timestamp: timestamp ?? Timestamp(milliseconds: 1_767_225_600_000))
        reading = Mutex(start)
    }

    /// The monotonic time.
    public var now: NIODeadline { reading.withLock { $0.now } }
    /// The date.
    public var timestamp: Timestamp { reading.withLock { $0.timestamp } }

    /// The clock as modules and the core see it.
    public var gatewayClock: GatewayClock {
        GatewayClock(monotonic: { self.now }, wall: { self.timestamp })
    }

    /// Moves both times on.
    public func advance(by duration: Duration) {
        reading.withLock { reading in
            reading.now = reading.now + duration.timeAmount
            reading.timestamp = reading.timestamp.advanced(by: duration)
        }
    }

    /// Sets the date alone, as when somebody sets the machine's clock.
    public func set(_ timestamp: Timestamp) {
        reading.withLock { $0.timestamp = timestamp }
    }
}
