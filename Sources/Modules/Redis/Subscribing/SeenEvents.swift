/// Which events have come: the last number of each gateway's loop that sends, since what it sends comes in order.
///
/// Of an event with several topics each one's channel brings a copy; the first copy is delivered to all topics.
struct SeenEvents {
    private let maxOrigins: Int
    private var recent: [UInt64: UInt64] = [:]
    private var older: [UInt64: UInt64] = [:]

    /// Makes an empty memory.
    ///
    /// - Parameter maxOrigins: How many senders are known at the least; those that were not heard of for the longest go first.
    init(maxOrigins: Int = 4096) { self.maxOrigins = maxOrigins }

    /// Notes an event; answers whether it has not come before.
    mutating func isNew(_ stamp: Envelope.Stamp) -> Bool {
        if let last = recent[stamp.origin] ?? older[stamp.origin], stamp.sequence <= last { return false }
        if recent.count >= maxOrigins, recent[stamp.origin] == nil {
            older = recent
            recent = [:]
        }
        recent[stamp.origin] = stamp.sequence
        return true
    }
}
