public import GatewayKit

/// Refuses upgrade requests from web pages of other origins (RFC 6455, 10.2).
///
/// Only browsers send `Origin`, and only they need the check: a request without one passes.
public struct Origin: HandshakeStage {
    /// The name in gateway.yaml.
    public static let name = "origin"
    /// What it does.
    public static let summary = "Lets browsers connect only from pages of the origins listed."
    /// What would be refused can be counted first.
    public static let canObserve = true

    private let allowsEverything: Bool
    private let allowsNull: Bool
    private let exact: Set<WebOrigin>
    private let parents: [WebOrigin]

    /// Makes the module.
    public init(settings: OriginSettings, context: ModuleContext) {
        allowsEverything = settings.allow.contains(.everything)
        allowsNull = settings.allow.contains(.null)
        exact = Set(settings.allow.compactMap { if case .exactly(let origin) = $0 { origin } else { nil } })
        parents = settings.allow.compactMap { if case .subdomains(let parent) = $0 { parent } else { nil } }
    }

    /// Compares the request's origin with the list.
    public func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        let origins = request.values("origin")
        guard let origin = origins.first else { return .proceed }
        if origins.count == 1, allows(origin) { return .proceed }
        return .refuse(HTTPRefusal(status: 403, .forbidden, "This origin is not allowed"))
    }

    private func allows(_ text: String) -> Bool {
        if allowsEverything { return true }
        if text == "null" { return allowsNull }
        guard let origin = try? WebOrigin(text) else { return false }
        return exact.contains(origin) || parents.contains { origin.isSubdomain(of: $0) }
    }
}

extension Origin: ExplainingStage {
    /// Which origin came, and whether it is listed.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard case .handshake(let request, let verdict) = decision else { return nil }
        let origins = request.values("origin")
        guard let origin = origins.first else { return StageExplanation("no Origin header") }
        guard origins.count == 1 else { return StageExplanation("the header Origin stands \(origins.count) times") }
        if case .proceed = verdict { return StageExplanation(allowsEverything ? "every origin is allowed" : "\(origin) is listed") }
        return StageExplanation(
            "\(origin) is not listed", setting: "allow", help: "add the site whose page connects to modules.origin.allow")
    }
}
