package import GatewayKit
import Logging
import NIOCore

/// What other rules would mean for the connections that are open.
package struct RuleImpact: Sendable {
    /// How many connections there are.
    package private(set) var connections = 0
    /// How many of them would lose a subscription.
    package private(set) var affected = 0
    /// How many would lose each pattern.
    package private(set) var lost: [TopicPattern: Int] = [:]
    /// Whether no pattern was left out.
    package private(set) var isComplete = true
    /// How many subscriptions nobody can tell about, since a module would wait with its verdict.
    package private(set) var undecided = 0

    /// Patterns that a loop counts; there can be as many as subscriptions.
    private static let maxPatterns = 65536

    /// Asks the rules about each subscription of a connection, by a stand-in: what modules keep with the connection stays as it is.
    fileprivate mutating func add(_ session: Session, _ generation: Generation, _ refusals: RefusalLog) {
        connections += 1
        guard !session.subscriptions.isEmpty else { return }
        let real = session.connection
        let standIn = Connection(id: real.id, eventLoop: real.eventLoop, address: real.address, time: session.shard.time)
        standIn.principal = real.principal
        var isAffected = false
        for pattern in session.subscriptions.keys {
            var command = Command(.subscribe, pattern, isReevaluation: true)
            switch generation.decide(&command, standIn, from: 0, refusals, session.shard, isMeasured: false) {
            case .proceed: break
            case .later: undecided += 1
            case .refuse:
                isAffected = true
                note(pattern, 1)
            }
        }
        if isAffected { affected += 1 }
    }

    fileprivate mutating func add(_ other: RuleImpact) {
        connections += other.connections
        affected += other.affected
        undecided += other.undecided
        isComplete = isComplete && other.isComplete
        for (pattern, count) in other.lost { note(pattern, count) }
    }

    private mutating func note(_ pattern: TopicPattern, _ count: Int) {
        guard lost[pattern] != nil || lost.count < Self.maxPatterns else {
            isComplete = false
            return
        }
        lost[pattern, default: 0] += count
    }
}

extension Gateway {
    /// What a reload with another configuration would mean for who is connected: its modules are made, asked, and thrown away.
    ///
    /// - Parameters:
    ///   - settings: The core's settings.
    ///   - pipeline: The modules.
    /// - Returns: What the rules of the pipeline would take from whom.
    /// - Throws: ``ConfigurationFailure`` where a module cannot be made, ``Rejection`` where a loop does not answer in time.
    package func impact(of settings: CoreSettings, _ pipeline: ConfiguredPipeline) async throws -> RuleImpact {
        let rehearsal = try workshop.rehearse(settings, pipeline, after: generation)
        let refusals = RefusalLog(logger: Logger(label: "plan") { _ in SwiftLogNoOpLogHandler() })
        var all = RuleImpact()
        // A decision costs some times as much as a count.
        for part in try await core.scan(all, cost: 8, { $1.add($0, rehearsal, refusals) }) { all.add(part) }
        return all
    }
}
