import GatewayKit
import NIOCore

struct ApprovalSettings: Settings {
    var topics: [TopicPattern] = []
    var users: [String] = []

    static let fields: [SettingField<Self>] = [
        SettingField("topics", \.topics, "Where a publish has to be approved."), SettingField("users", \.users, "Whose is."),
    ]
}

/// Asks somebody who takes his time before a message is published to some topics.
struct Approval: RouteStage {
    static let name = "approval"
    static let summary = "Asks somebody before a message is published to some topics."
    private let topics: [TopicPattern]
    private let approver: any Approver

    init(settings: ApprovalSettings, context: ModuleContext) {
        self.init(settings.topics, asking: ListedUsers(settings.users))
    }

    init(_ topics: [TopicPattern], asking approver: any Approver) { (self.topics, self.approver) = (topics, approver) }

    /// All else goes on while nobody can be asked.
    func concerns(_ command: Command, _ connection: Connection) -> Bool {
        guard command.action == .publish || command.action == .ingress else { return false }
        return topics.contains { $0.overlaps(command.pattern) }
    }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard concerns(command, connection) else { return .proceed }
        let (user, topic) = (connection.principal?.userID, command.pattern.description)
        let promise = connection.eventLoop.makePromise(of: Verdict<Rejection>.self)
        promise.completeWithTask { [approver] in
            // What is thrown here is no verdict: `on_error` decides then.
            if try await approver.approves(user, topic) { return .proceed }
            return .refuse(Rejection(.forbidden, "Nobody approves of it", topic: topic))
        }
        return .later(promise.futureResult)
    }
}
