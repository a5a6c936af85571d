import GatewayKit
import NIOCore

/// Holds whole messages for the test: those that have `hold` in their text.
struct WaitingFrames: FrameStage {
    /// What it answers to a message.
    enum Answer: String, Sendable, CaseIterable, SettingValue {
        case proceed, handled, refuse
    }

    struct Settings: GatewayKit.Settings {
        var gate = ""
        var answer = Answer.proceed
        var isPatient = true
        static let fields: [SettingField<Self>] = [
            SettingField("gate", \.gate, "The key of the test's gate."),
            SettingField("answer", \.answer, "What it answers to a message that it holds."),
            SettingField("waits", \.isPatient, "Whether it waits for the gate before it answers."),
        ]
    }

    static let name = "waiting_frames"
    static let summary = "Holds messages until a test lets them go on."
    static let canObserve = true
    static let refusal = Rejection(Reason("held", code: 403), "Not this message")
    private let gate: Gate
    private let settings: Settings

    init(settings: Settings, context: ModuleContext) {
        gate = Gate.named(settings.gate)
        self.settings = settings
    }

    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
        guard String(buffer: message.payload).contains("hold") else { return .proceed }
        let verdict: FrameVerdict =
            switch settings.answer {
            case .proceed: .proceed
            case .handled: .handled
            case .refuse: .refuse(Self.refusal)
            }
        return settings.isPatient ? .later(gate.wait(on: connection.eventLoop).map { verdict }) : verdict
    }
}
