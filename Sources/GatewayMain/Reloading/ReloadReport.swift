import GatewayConfiguration
import GatewayKit
import GatewayServer

/// What became of a reload, for whoever asked.
struct ReloadReport: Sendable {
    let result: ReloadResult
    /// In what the new configuration differs.
    var changes: [ConfigurationChange] = []
    /// How many subscriptions the new rules have ended.
    var endedSubscriptions = 0
    /// What there is to say about the configuration: errors where it was refused.
    let diagnostics: [Diagnostic]
    let renderer: DiagnosticRenderer

    /// What was done, in one line.
    var summary: String {
        switch result {
        case .unchanged: "the configuration is the same: nothing was changed"
        case .refused: "the configuration was refused, and the old one serves on"
        case .reloaded:
            "reloaded: \(Count.of(changes.count, "change"))"
                + (endedSubscriptions > 0 ? ", \(Count.of(endedSubscriptions, "subscription")) ended" : "")
        }
    }

    /// The summary with the findings before it and the changes behind it.
    var text: String { renderer.human(diagnostics) + ([summary] + changes.map { "  \($0.text)" }).joined(separator: "\n") }

    /// The answer of the admin API.
    var response: HTTPResponse {
        guard result == .refused else {
            var members = common
            members["endedSubscriptions"] = .integer(Int64(endedSubscriptions))
            members["changes"] = .changes(changes)
            return .success(data: .json(.object(members)))
        }
        var details = common
        details["result"] = nil
        details["reason"] = .string("refused")
        let error: [String: JSONValue] = [
            "code": .integer(422), "message": .string("The configuration was refused"), "details": .object(details),
        ]
        return .json(422, .json(.object(["success": .bool(false), "error": .object(error)])))
    }

    private var common: [String: JSONValue] {
        ["result": .string(result.rawValue), "text": .string(text), "diagnostics": renderer.list(diagnostics)]
    }
}
