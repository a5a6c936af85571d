public import GatewayKit

extension JWT: ExplainingStage {
    /// What the token says, and what it would have to.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .auth(.token(let text), let verdict) = decision else { return nil }
        switch verdict {
        case .accepted(let principal):
            return principal.expiresAt.map { StageExplanation(PassedTime(from: clock.timestamp, to: $0).text("expires", "expired")) }
        case .rejected(let reason): return TokenDiagnosis(text, reason, settings, now: clock.timestamp).explanation
        case .abstain, .later: return nil
        }
    }
}
