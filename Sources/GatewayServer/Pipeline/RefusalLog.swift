import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Counts refusals, for the metrics and for the log: there at most one line a second for each module and reason, at debug level each of
/// them.
final class RefusalLog: Sendable {
    private struct Key: Hashable {
        let module: String
        let reason: String
        let isObserved: Bool
    }
    private struct Counts {
        var total = 0
        var handshakes = 0
        var logged = 0

        mutating func add(endsHandshake: Bool) {
            total &+= 1
            if endsHandshake { handshakes &+= 1 }
        }
    }
    private struct Contents {
        var counts: [Key: Counts] = [:]
        var hasNews = false
        var last = NIODeadline.uptimeNanoseconds(0)
    }
    /// What a module has refused for one reason.
    struct Refusals: Sendable {
        let module: String
        let reason: String
        /// Whether it only would have.
        let isObserved: Bool
        let total: Int
        /// How many of them ended a handshake.
        let handshakes: Int
    }

    private let logger: Logger
    private let contents = Mutex(Contents())
    /// Reasons of modules could be without number; beyond this many a module's further ones count as `other`.
    private static let maxKeys = 1000

    init(logger: Logger) { self.logger = logger }

    /// Everything so far, in alphabetical order.
    var counts: [Refusals] {
        contents.withLock { $0.counts }.map { key, counts in
            Refusals(
                module: key.module, reason: key.reason, isObserved: key.isObserved, total: counts.total, handshakes: counts.handshakes)
        }.sorted { ($0.module, $0.reason, $1.isObserved ? 1 : 0) < ($1.module, $1.reason, $0.isObserved ? 1 : 0) }
    }

    /// Notes one refusal.
    ///
    /// Not on the path of accepted messages.
    ///
    /// - Parameters:
    ///   - module: The instance that refuses; `core` where it is none.
    ///   - reason: Why.
    ///   - observed: Whether it only would have.
    ///   - endsHandshake: Whether the connection gets no 101.
    ///   - connection: Whose.
    func note(_ module: String, _ reason: Reason, observed: Bool = false, endsHandshake: Bool = false, _ connection: Connection?) {
        contents.withLock { contents in
            let key = Key(module: module, reason: reason.slug, isObserved: observed)
            let isKnown = contents.counts[key] != nil || contents.counts.count < Self.maxKeys
            contents.counts[isKnown ? key : Key(module: module, reason: "other", isObserved: observed), default: Counts()]
                .add(endsHandshake: endsHandshake)
            contents.hasNews = true
        }
        guard logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = ["module": "\(module)", "reason": "\(reason)"]
        if let connection { metadata["connection"] = "\(connection.id)" }
        logger.debug("\(observed ? "would refuse" : "refused")", metadata: metadata)
    }

    /// Writes what has been counted since the last time, once a second.
    func flush(_ now: NIODeadline) {
        let due = contents.withLock { contents -> [(key: Key, count: Int)] in
            guard contents.hasNews, now >= contents.last + .seconds(1) else { return [] }
            contents.hasNews = false
            contents.last = now
            var due: [(Key, Int)] = []
            for (key, counts) in contents.counts where counts.total > counts.logged {
                due.append((key, counts.total - counts.logged))
                contents.counts[key]?.logged = counts.total
            }
            return due
        }
        for (key, count) in due {
            let metadata: Logger.Metadata = ["module": "\(key.module)", "reason": "\(key.reason)", "count": "\(count)"]
            logger.info("\(key.isObserved ? "would have refused" : "refused")", metadata: metadata)
        }
    }
}
