import GatewayKit

/// Takes every token for alice's, who has claims that rules look at.
struct Login: AuthStage {
    static let name = "login"
    static let summary = "Knows alice."

    init(settings: NoSettings, context: ModuleContext) {}

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        .accepted(Principal(userID: "alice", claims: ["roles": .array([.string("guest"), .string("member")])]))
    }
}

/// Looks at whole messages, as no built-in module does.
struct Inspector: FrameStage {
    static let name = "inspector"
    static let summary = "Lets every message pass."

    init(settings: NoSettings, context: ModuleContext) {}

    func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict { .proceed }
}
