public import GatewayKit

extension Webhook: ExplainingStage {
    /// Whether the back end was asked, and what it said.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .command(let command, let verdict) = decision else { return nil }
        guard let url = settings.url, decisions.isAsked(about: command) else {
            return StageExplanation("the back end is not asked about this", setting: settings.url == nil ? "url" : "topics")
        }
        switch verdict {
        case .proceed: return StageExplanation("\(url) allows it", setting: "url")
        case .refuse: return StageExplanation("\(url) does not allow it", setting: "url", help: "ask whoever runs the back end")
        case .later: return nil
        }
    }
}
