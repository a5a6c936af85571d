import GatewayKit
import Synchronization

/// Believes every token: `USER`, or `USER/ID` for one that can be revoked by its id.
final class TestLogin: AuthStage {
    static let name = "test_login"
    static let summary = "Believes everybody, for tests."
    static let provides = [Capability.tokenRevocations.name]
    private let revocations = Revocations()

    init(settings: NoSettings, context: ModuleContext) { context.provide(.tokenRevocations, revocations) }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        guard case .token(let text) = credentials else { return .abstain }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let principal = Principal(userID: parts.first ?? "", tokenID: parts.count > 1 ? parts[1] : nil)
        return revocations.isRevoked(principal) ? .rejected(.revoked) : .accepted(principal)
    }

    /// Remembers as long as the gateway runs.
    private final class Revocations: TokenRevocations {
        private struct State {
            var known: Set<Revocation> = []
            var observer: (@Sendable (Revocation) -> Void)?
        }
        private let state = Mutex(State())

        func revoke(_ revocations: [Revocation]) async throws {
            for revocation in revocations {
                let observer = state.withLock { $0.known.insert(revocation).inserted ? $0.observer : nil }
                observer?(revocation)
            }
        }

        func current() async -> [Revocation] { state.withLock { Array($0.known) } }
        func isRevoked(_ principal: Principal) -> Bool { state.withLock { $0.known.contains { $0.covers(principal) } } }
        func observe(_ observer: @escaping @Sendable (Revocation) -> Void) { state.withLock { $0.observer = observer } }
    }
}
