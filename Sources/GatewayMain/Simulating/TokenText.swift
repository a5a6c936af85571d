import GatewayKit
import GatewayServer
import JWTModule
import NIOCore

/// A token for people: what it says, and what the auth stage says of it.
///
/// Never the token itself.
struct TokenText {
    let token: String
    let report: SimulationReport
    let now: Timestamp

    /// Lines for standard output.
    var lines: [String] {
        let contents = TokenContents(token)
        let header = ["alg", "kid", "typ"].compactMap { name in contents.header?[name].map { (name, Self.json($0)) } }
        let claims = (contents.claims ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, claim($0.key, $0.value)) }
        let rows = header.map { ("header \($0.0)", $0.1) } + claims + [("verdict", verdict)]
        let width = min(24, rows.map { TerminalText.escaped($0.0).count }.max() ?? 0)
        return rows.map { name, value in
            let name = TerminalText.escaped(name)
            return "\(name)\(String(repeating: " ", count: max(0, width - name.count)))  \(TerminalText.escaped(value))"
        } + cure
    }

    private var decisive: SimulatedStep? { report.steps.last { $0.outcome != .abstained } }

    private var verdict: String {
        guard let step = decisive else { return "unsupported_credentials: no module of the auth stage knows such a token" }
        let why = step.explanation.map { ": \($0.text)" } ?? ""
        switch step.outcome {
        case .accepted(let userID): return "good, of the user \(Self.json(.string(userID)))\(why)"
        case .refused(let reason): return "\(reason)\(why)"
        case .failed(let error): return "\(step.module) failed: \(error)"
        case .proceed, .abstained, .handled, .late, nil: return "timeout: \(step.module) did not decide in time"
        }
    }

    private var cure: [String] {
        guard !report.isAllowed, let step = decisive, let explanation = step.explanation else { return [] }
        var lines: [String] = []
        if let setting = explanation.setting {
            let place = step.settingPlace.map(SimulationText.place) ?? "which has its default"
            lines.append("look at: modules.\(step.module).\(setting), \(place)")
        }
        if let help = explanation.help { lines.append("help: \(TerminalText.escaped(help))") }
        return lines
    }

    /// A claim: a date with how far away it is, anything else as JSON.
    private func claim(_ name: String, _ value: JSONValue) -> String {
        guard ["exp", "nbf", "iat"].contains(name), let date = Self.date(value) else { return Self.json(value) }
        let distance = PassedTime(from: now, to: date)
        let words =
            switch name {
            case "exp": distance.text("expires", "expired")
            case "nbf": distance.text("good", "good since")
            default: distance.text("issued", "issued")
            }
        return "\(date.text), \(words)"
    }

    private static func date(_ value: JSONValue) -> Timestamp? {
        switch value {
        case .integer(let seconds): Timestamp(seconds: Double(seconds))
        case .number(let seconds): Timestamp(seconds: seconds)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    private static func json(_ value: JSONValue) -> String {
        var json = ByteBuffer()
        json.writeJSON(value)
        return String(buffer: json)
    }
}
