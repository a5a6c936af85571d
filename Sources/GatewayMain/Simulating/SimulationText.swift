import GatewayKit
import GatewayServer

/// A simulation for people: a line for each module, then what the client gets.
struct SimulationText {
    let request: SimulatedRequest
    let report: SimulationReport
    /// Whether to use the terminal's colours.
    let isColoured: Bool

    /// Lines for standard output.
    var lines: [String] { table + topics + answers }

    // MARK: The modules

    private struct Row {
        let stage: String
        let module: String
        let step: SimulatedStep?
        let verdict: String
        let time: String
        let why: String
    }

    private var table: [String] {
        let rows = skipped + report.steps.map(row)
        let ordered = Stage.allCases.flatMap { stage in rows.filter { $0.stage == stage.rawValue } }
        let (modules, verdicts) = (ordered.map(\.module.count).max() ?? 0, ordered.map(\.verdict.count).max() ?? 0)
        return ordered.map { row in
            let verdict = Self.padded(row.verdict, verdicts)
            let columns = [
                Self.padded(row.stage, 9), Self.padded(row.module, modules), painted(verdict, row.step), Self.rightPadded(row.time, 7),
                row.why,
            ]
            return columns.joined(separator: "  ").trimmed
        }
    }

    /// The stages that this client does not meet, with why.
    private var skipped: [Row] {
        reached.filter { !request.stages.contains($0) }.map { stage in
            let why =
                switch (stage, request.credentials) {
                case (.auth, .claims): "the claims are given"
                case (.auth, _): "the client does not say who it is"
                default: "an event comes over HTTP"
                }
            return Row(
                stage: stage.rawValue, module: "-", step: nil, verdict: "skipped", time: "", why: why)
        }
    }

    /// The stages before the route up to the one in which the client's way ended.
    private var reached: ArraySlice<Stage> {
        let stages: [Stage] = [.accept, .handshake, .auth]
        let end = report.isAllowed ? nil : report.steps.last(where: \.isEnd)?.stage
        return end.flatMap { stages.firstIndex(of: $0) }.map { stages[...$0] } ?? stages[...]
    }

    private func row(_ step: SimulatedStep) -> Row {
        let explanation = step.explanation.map(Self.why)
        return Row(
            stage: step.stage.rawValue, module: step.module, step: step, verdict: TerminalText.escaped(Self.verdict(step)),
            time: step.module == "core" ? "" : Self.time(step.duration), why: TerminalText.escaped(explanation ?? ""))
    }

    /// What a module answered: `proceed`, `refuse forbidden`, `accepted alice`.
    static func verdict(_ step: SimulatedStep) -> String {
        let forgiven = step.isEnd ? "" : ", forgiven"
        return switch step.outcome {
        case .proceed: "proceed"
        case .refused(let reason): step.isObserved ? "would refuse \(reason)" : "refuse \(reason)"
        case .accepted(let userID): "accepted \(userID)"
        case .abstained: "abstain"
        case .handled: "handled"
        case .late, nil: "no verdict in time\(forgiven)"
        case .failed: "failed\(forgiven)"
        }
    }

    private static func why(_ explanation: StageExplanation) -> String {
        [explanation.place.map(place), explanation.text].compactMap(\.self).joined(separator: " ")
    }

    /// `gateway.yaml:112:9, profile prod`.
    static func place(_ place: SourcePlace) -> String { "\(place)" + (place.profile.map { ", profile \($0)" } ?? "") }

    private static func time(_ duration: Duration) -> String {
        let nanoseconds = duration.nanoseconds
        switch nanoseconds {
        case ..<1_000_000: return "\(max(1, nanoseconds / 1000)) µs"
        case ..<1_000_000_000: return "\(nanoseconds / 1_000_000) ms"
        default: return "\(nanoseconds / 1_000_000_000) s"
        }
    }

    // MARK: What comes of it

    private var topics: [String] {
        guard !report.topics.isEmpty else { return [] }
        let width = report.topics.map(\.example.text.count).max() ?? 0
        return ["", "of what is published there the client would get:"]
            + report.topics.map { topic in
                let rule = topic.example.place.map { "  \(Self.place($0))" } ?? "  no rule"
                let word = topic.isGranted ? painted("yes", "32") : painted("no ", "31")
                return "  \(Self.padded(TerminalText.escaped(topic.example.text), width))  \(word)\(TerminalText.escaped(rule))"
            }
    }

    private var answers: [String] {
        var lines = [""]
        if let end = report.steps.last(where: \.isEnd), !report.isAllowed {
            if let setting = end.explanation?.setting {
                let path = "modules.\(end.module).\(setting)"
                lines.append("look at: \(path), \(end.settingPlace.map(Self.place) ?? "which has its default")")
            }
            if let help = end.explanation?.help { lines.append("help: \(TerminalText.escaped(help))") }
        }
        if report.answers.isEmpty, report.isAllowed { lines.append("allowed; \(quietly)") }
        lines += report.answers.map { "the client would get: \(TerminalText.escaped(Self.text($0)))" }
        return lines
    }

    private var quietly: String {
        switch request.action {
        case .publish: "the message is published, and the client gets no answer unless it asks for an ack"
        case .ingress: "the event is published, and the route that it came by answers"
        case .subscribe, .authenticate: "the client gets no answer"
        }
    }

    private static func text(_ answer: SimulationReport.Answer) -> String {
        switch answer {
        case .response(let status, let body): "HTTP \(status) \(body)"
        case .frame(let text): text
        case .close(let code, let reason): "close \(code) \(reason)"
        case .ended: "the end of the connection"
        }
    }

    // MARK: Columns and colours

    private static func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    private static func rightPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func painted(_ text: String, _ step: SimulatedStep?) -> String {
        guard let step else { return painted(text, "2") }
        switch step.outcome {
        case .proceed, .accepted, .abstained, .handled: return painted(text, "32")
        case .refused, .late, .failed, nil: return painted(text, step.isEnd ? "31" : "33")
        }
    }

    private func painted(_ text: String, _ color: String) -> String { isColoured ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text }
}

extension String {
    fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
