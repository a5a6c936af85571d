import GatewayKit
import GatewayServer
import NIOCore

/// A simulation for programs.
struct SimulationJSON {
    let report: SimulationReport

    /// One JSON object.
    var text: String {
        var writer = JSONWriter()
        writer.member("allowed", .bool(report.isAllowed))
        writer.member("user", report.principal.map { .string($0.userID) } ?? .null)
        writer.member("steps", .array(report.steps.map(Self.step)))
        writer.member(
            "topics",
            .array(
                report.topics.map { topic in
                    .object([
                        "topic": .string(topic.example.text), "granted": .bool(topic.isGranted), "place": Self.place(topic.example.place),
                    ])
                }))
        writer.member("answers", .array(report.answers.map(Self.answer)))
        return String(buffer: writer.finish())
    }

    private static func step(_ step: SimulatedStep) -> JSONValue {
        let words: (verdict: String, reason: String?) =
            switch step.outcome {
            case .proceed: ("proceed", nil)
            case .refused(let reason): ("refuse", reason.slug)
            case .accepted: ("accepted", nil)
            case .abstained: ("abstain", nil)
            case .handled: ("handled", nil)
            case .late, nil: ("late", nil)
            case .failed: ("failed", nil)
            }
        return .object([
            "stage": .string(step.stage.rawValue), "module": .string(step.module), "verdict": .string(words.verdict),
            "reason": words.reason.map { .string($0) } ?? .null, "observed": .bool(step.isObserved), "ends": .bool(step.isEnd),
            "microseconds": .integer(step.duration.nanoseconds / 1000), "why": step.explanation.map { .string($0.text) } ?? .null,
            "place": place(step.explanation?.place), "setting": step.explanation?.setting.map { .string($0) } ?? .null,
            "settingPlace": place(step.settingPlace), "help": step.explanation?.help.map { .string($0) } ?? .null,
        ])
    }

    private static func place(_ place: SourcePlace?) -> JSONValue { place.map { .string(SimulationText.place($0)) } ?? .null }

    private static func answer(_ answer: SimulationReport.Answer) -> JSONValue {
        switch answer {
        case .response(let status, let body):
            .object([
                "kind": .string("response"), "status": .integer(Int64(status)), "body": JSONValue(json: Array(body.utf8)) ?? .string(body),
            ])
        case .frame(let text): .object(["kind": .string("frame"), "frame": JSONValue(json: Array(text.utf8)) ?? .string(text)])
        case .close(let code, let reason):
            .object(["kind": .string("close"), "code": .integer(Int64(code)), "reason": .string(reason)])
        case .ended: .object(["kind": .string("end")])
        }
    }
}
