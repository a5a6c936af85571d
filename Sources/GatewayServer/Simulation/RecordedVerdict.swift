import GatewayKit
import NIOCore

/// A verdict that a trace can write down, of whatever stage.
protocol RecordedVerdict: Sendable {
    /// The future, where the verdict waits.
    var awaited: EventLoopFuture<Self>? { get }
    /// A verdict that waits.
    static func later(_ future: EventLoopFuture<Self>) -> Self
    /// What it says; nil where it waits.
    var outcome: SimulatedStep.Outcome? { get }
}

/// A refusal of any stage.
protocol StageRefusal: Sendable {
    var reason: Reason { get }
}

extension Rejection: StageRefusal {}
extension HTTPRefusal: StageRefusal {}

extension Verdict: RecordedVerdict where Refusal: StageRefusal {
    var awaited: EventLoopFuture<Verdict<Refusal>>? { if case .later(let future) = self { future } else { nil } }

    var outcome: SimulatedStep.Outcome? {
        switch self {
        case .proceed: .proceed
        case .refuse(let refusal): .refused(refusal.reason)
        case .later: nil
        }
    }
}

extension AuthVerdict: RecordedVerdict {
    var awaited: EventLoopFuture<AuthVerdict>? { if case .later(let future) = self { future } else { nil } }

    var outcome: SimulatedStep.Outcome? {
        switch self {
        case .abstain: .abstained
        case .accepted(let principal): .accepted(userID: principal.userID)
        case .rejected(let reason): .refused(reason)
        case .later: nil
        }
    }
}

extension FrameVerdict: RecordedVerdict {
    var awaited: EventLoopFuture<FrameVerdict>? { if case .later(let future) = self { future } else { nil } }

    var outcome: SimulatedStep.Outcome? {
        switch self {
        case .proceed: .proceed
        case .handled: .handled
        case .refuse(let rejection): .refused(rejection.reason)
        case .later: nil
        }
    }
}
