public import GatewayKit
import NIOCore

extension Webhook: ExplainingStage {
    /// Whether the back end was asked, and what it said; nil where it has not decided.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .command(let command, let verdict) = decision else { return nil }
        guard let url = settings.url else { return StageExplanation("the back end is asked about nothing", setting: "url") }
        switch decisions.exemption(of: command) {
        case .action: return StageExplanation("the back end is not asked about this action", setting: "actions")
        case .topic: return StageExplanation("the back end is not asked about this topic", setting: "topics")
        case nil: break
        }
        switch decisions.ground(of: connection) {
        case .unsubscribed: return StageExplanation("nobody needs leave to unsubscribe")
        case .granted: return StageExplanation("\(url) has allowed this subscription before", setting: "url")
        case .cached:
            let ttl = settings.cacheTTL?.settingText ?? ""
            return StageExplanation("\(url) has allowed the same within the last \(ttl)", setting: "cache_ttl")
        case .tooMuchData:
            let size = command.message?.data.readableBytes ?? 0
            return StageExplanation(
                "\(size) bytes of data, of which the back end is told at most \(settings.maxData.settingText)", setting: "max_data",
                help: "raise max_data, or let the back end be told none: send_data: false")
        case .tooManyQuestions:
            return StageExplanation(
                "as many questions are under way as there may be: \(settings.maxInFlight)", setting: "max_in_flight",
                help: "see why the back end takes so long, or raise max_in_flight")
        case .answered(let status): return explain(verdict, status, url)
        case nil: return nil
        }
    }

    private func explain(_ verdict: Verdict<Rejection>, _ status: UInt, _ url: BackEndURL) -> StageExplanation {
        if case .proceed = verdict { return StageExplanation("\(url) allows it", setting: "url") }
        guard status >= 400 else {
            return StageExplanation("\(url) does not allow it", setting: "url", help: "ask whoever runs the back end")
        }
        return StageExplanation(
            "\(url) answered \(status)", setting: "url",
            help: "see whether decisions are posted to that URL, or ask whoever runs the back end")
    }
}
