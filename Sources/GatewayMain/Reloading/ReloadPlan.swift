import GatewayConfiguration
import GatewayKit
import GatewayServer

/// What a reload with another configuration would do.
struct ReloadPlan: Sendable {
    /// In one word.
    enum Result: String, Sendable {
        /// A reload would put it in force.
        case ready
        /// It is what serves already.
        case unchanged
        /// Some of it needs a restart, so a reload would be refused.
        case restart
        /// It has errors.
        case refused
    }

    /// The most patterns that are listed.
    private static let maxPatterns = 20

    var changes: [ConfigurationChange] = []
    /// Those of the changes that need a restart.
    var restarts: [ConfigurationChange] = []
    /// The names of modules that come, go, and are made anew with other settings.
    var modules: (added: [String], removed: [String], changed: [String]) = ([], [], [])
    /// Those that come which decide at the accept stage: they meet new connections alone.
    var newAtTheDoor: [String] = []
    /// What the rules would take from whom; nil where the configuration has errors.
    var impact: RuleImpact?
    /// The profile that the file was read with: that of the running gateway.
    let profile: String?
    let diagnostics: [Diagnostic]
    let renderer: DiagnosticRenderer

    var result: Result {
        if diagnostics.contains(where: { $0.severity == .error }) { return .refused }
        if !restarts.isEmpty { return .restart }
        return changes.isEmpty ? .unchanged : .ready
    }

    /// The patterns that most connections would lose.
    private var lost: [(pattern: String, connections: Int)] {
        let all = (impact?.lost ?? [:]).map { (pattern: $0.key.description, connections: $0.value) }
        return Array(all.sorted { ($1.connections, $0.pattern) < ($0.connections, $1.pattern) }.prefix(Self.maxPatterns))
    }

    private var moreLost: Int { max(0, (impact?.lost.count ?? 0) - Self.maxPatterns) }

    /// All of it for people.
    var text: String {
        var lines: [String] = []
        switch result {
        case .refused: lines.append("a reload would be refused")
        case .unchanged: lines.append("the configuration is the same: a reload would change nothing")
        case .ready: lines.append("a reload would change:")
        case .restart: lines.append("this needs a restart, a reload would be refused:")
        }
        let needing = Set(restarts)
        lines += changes.map { "  \($0.text)\(needing.contains($0) ? "  (needs a restart)" : "")" }
        for (what, names) in [("added", modules.added), ("removed", modules.removed), ("made anew", modules.changed)] where !names.isEmpty {
            lines.append("modules \(what): \(names.joined(separator: ", "))")
        }
        if let impact, !changes.isEmpty { lines += impactLines(impact) }
        return renderer.human(diagnostics) + lines.joined(separator: "\n")
    }

    private func impactLines(_ impact: RuleImpact) -> [String] {
        let open = Count.of(impact.connections, "connection")
        let unknown = impact.connections == 0 ? [] : newAtTheDoor.map { "\(open): \($0) would not know of those that are open now" }
        guard impact.affected > 0 else { return ["\(open): none loses a subscription"] + undecidedLines(impact) + unknown }
        let more = moreLost > 0 || !impact.isComplete ? ["  and \(impact.isComplete ? "\(moreLost)" : "many") more patterns"] : []
        return ["\(open): \(impact.affected) would lose subscriptions"]
            + lost.map { "  \(Count.of($0.connections, "connection")) \($0.connections == 1 ? "loses" : "lose") \($0.pattern)" }
            + more + undecidedLines(impact) + unknown
    }

    private func undecidedLines(_ impact: RuleImpact) -> [String] {
        impact.undecided == 0 ? [] : ["\(Count.of(impact.undecided, "subscription")): nobody can tell, for a module waits with its verdict"]
    }

    /// The answer of the admin API.
    var response: HTTPResponse {
        func names(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
        let members: [String: JSONValue] = [
            "result": .string(result.rawValue), "profile": profile.map { .string($0) } ?? .null, "text": .string(text),
            "changes": .changes(changes),
            "diagnostics": renderer.list(diagnostics), "restart": names(restarts.map(\.path)),
            "modules": .object(["added": names(modules.added), "removed": names(modules.removed), "changed": names(modules.changed)]),
            "connections": .integer(Int64(impact?.connections ?? 0)), "affected": .integer(Int64(impact?.affected ?? 0)),
            "lost": .array(
                lost.map { .object(["pattern": .string($0.pattern), "connections": .integer(Int64($0.connections))]) }),
            "moreLost": .integer(Int64(moreLost)), "undecided": .integer(Int64(impact?.undecided ?? 0)),
        ]
        return .success(data: .json(.object(members)))
    }
}
