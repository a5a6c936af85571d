import GatewayKit

/// Says who may publish where, and takes time for it: a database, a service, or an actor.
protocol Approver: Sendable {
    /// Throws where there is no answer; a no is an answer.
    func approves(_ user: String?, _ topic: String) async throws -> Bool
}

/// Approves of some users wherever they publish.
actor ListedUsers: Approver {
    private let users: [String]

    init(_ users: [String]) { self.users = users }

    func approves(_ user: String?, _ topic: String) -> Bool { users.contains { user?.hasSameBytes(as: $0) == true } }
}
