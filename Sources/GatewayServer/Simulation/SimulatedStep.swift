package import GatewayKit

/// What one module was asked in a simulation, and answered.
package struct SimulatedStep: Sendable {
    /// What it answered.
    package enum Outcome: Sendable, Equatable {
        /// No objection.
        case proceed
        /// A refusal.
        case refused(Reason)
        /// The credentials are those of this user.
        case accepted(userID: String)
        /// The credentials are none that the module knows.
        case abstained
        /// The module has dealt with the message, and nobody else is asked.
        case handled
        /// The verdict did not come within `later_timeout`.
        case late
        /// The module failed.
        case failed(String)
    }

    /// The stage.
    package let stage: Stage
    /// The module's instance; `core` where it is none.
    package let module: String
    /// What it answered; nil while that is awaited.
    package var outcome: Outcome?
    /// Whether its refusals only count: `mode: observe`.
    package var isObserved = false
    /// Whether a verdict that failed or came too late is no objection.
    package var forgivesFailure = false
    /// How long the decision took.
    package var duration = Duration.zero
    /// Why, where the module can say.
    package var explanation: StageExplanation?
    /// Where the setting stands that the explanation names; nil where it has its default.
    package var settingPlace: SourcePlace?

    /// Whether the client's way ended here.
    package var isEnd: Bool {
        switch outcome {
        case .refused: !isObserved
        case .late, .failed, nil: !forgivesFailure
        case .handled: true
        case .proceed, .accepted, .abstained: false
        }
    }
}
