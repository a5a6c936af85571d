import NIOCore

/// What one event loop counts: plain numbers, touched by nothing but the loop, and read by a hop to it.
struct ShardCounters: Sendable {
    /// Connections that got their 101.
    var opened = 0
    /// Messages of clients that the adapter has taken.
    var published = 0
    /// Data frames queued for receivers.
    var delivered = 0
    /// Messages that a module of the deliver stage dropped.
    var dropped = 0
    /// Messages that closed their receiver in place of reaching it.
    var closedSlow = 0
    /// Bytes after the 101.
    var bytesReceived = 0
    /// Bytes after the 101 that the system has taken.
    var bytesSent = 0
    /// System calls that wrote; a write by way of NIO counts as one.
    var writes = 0
    /// How late the ticks came.
    var lag = DurationHistogram(bounds: DurationHistogram.coarse)

    mutating func add(_ other: ShardCounters) {
        opened &+= other.opened
        published &+= other.published
        delivered &+= other.delivered
        dropped &+= other.dropped
        closedSlow &+= other.closedSlow
        bytesReceived &+= other.bytesReceived
        bytesSent &+= other.bytesSent
        writes &+= other.writes
        lag.add(other.lag)
    }
}
