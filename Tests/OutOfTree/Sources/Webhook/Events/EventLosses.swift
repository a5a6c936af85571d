import NIOCore

/// Counts lost events for the log: there at most one line a second.
struct EventLosses {
    private var count = 0
    private var last: NIODeadline?

    /// Some were lost.
    ///
    /// - Returns: How many to tell of now; 0 for none.
    mutating func note(_ lost: Int, _ now: NIODeadline) -> Int {
        count += lost
        return due(now)
    }

    /// What has not been told yet, where it is time to.
    mutating func due(_ now: NIODeadline) -> Int {
        if count == 0 { return 0 }
        if let last, now < last + .seconds(1) { return 0 }
        last = now
        return rest()
    }

    /// What has not been told yet.
    mutating func rest() -> Int {
        defer { count = 0 }
        return count
    }
}
