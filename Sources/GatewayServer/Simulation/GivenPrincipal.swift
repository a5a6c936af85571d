import GatewayKit

/// Stands for the auth stage where a simulation is told who the client is: takes any token for that user's.
struct GivenPrincipal: AuthStage {
    static let name = "given"
    static let summary = "Takes any token for a user that is given."

    /// Who it is, in place of settings.
    struct Settings: GatewayKit.Settings {
        var principal: Principal?
        static let fields: [SettingField<Self>] = []
    }

    private let principal: Principal?

    init(settings: Settings, context: ModuleContext) { principal = settings.principal }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { principal.map { .accepted($0) } ?? .abstain }
}
