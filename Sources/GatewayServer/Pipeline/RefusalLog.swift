import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Counts refusals and logs at most one line a second for each module and reason; at debug level each of them.
final class RefusalLog: Sendable {
    private struct Key: Hashable {
        let module: String
        let reason: String
        let observed: Bool
    }
    private struct Contents {
        var counts: [Key: Int] = [:]
        var last = NIODeadline.uptimeNanoseconds(0)
    }

    private let logger: Logger
    private let contents = Mutex(Contents())
    private static let maxKeys = 1000

    init(logger: Logger) { self.logger = logger }

    /// Notes one refusal.
    ///
    /// Not on the path of accepted messages.
    func note(_ module: String, _ reason: Reason, observed: Bool = false, _ connection: Connection?) {
        let key = Key(module: module, reason: reason.slug, observed: observed)
        contents.withLock { contents in
            guard contents.counts[key] != nil || contents.counts.count < Self.maxKeys else { return }
            contents.counts[key, default: 0] += 1
        }
        guard logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = ["module": "\(module)", "reason": "\(reason)"]
        if let connection { metadata["connection"] = "\(connection.id)" }
        logger.debug("\(observed ? "would refuse" : "refused")", metadata: metadata)
    }

    /// Writes what has been counted, once a second.
    func flush(_ now: NIODeadline) {
        let due = contents.withLock { contents -> [Key: Int] in
            guard now >= contents.last + .seconds(1), !contents.counts.isEmpty else { return [:] }
            defer { contents.counts.removeAll() }
            contents.last = now
            return contents.counts
        }
        for (key, count) in due {
            let metadata: Logger.Metadata = ["module": "\(key.module)", "reason": "\(key.reason)", "count": "\(count)"]
            logger.info("\(key.observed ? "would have refused" : "refused")", metadata: metadata)
        }
    }
}
