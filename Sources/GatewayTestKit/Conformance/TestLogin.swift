import GatewayKit
import Synchronization

/// Believes every token: `USER`, `USER/ID` for one that can be revoked by its id, or claims as a JSON object with a `sub`.
///
/// What it issues has an id where the claims have a `jti`.
final class TestLogin: AuthStage, TokenIssuer {
    static let name = "test_login"
    static let summary = "Believes everybody, for tests."
    static let provides = [Capability.tokenRevocations.name, Capability.tokenIssuer.name]
    private let revocations = Revocations()

    init(settings: NoSettings, context: ModuleContext) {
        context.provide(.tokenRevocations, revocations)
        context.provide(.tokenIssuer, self)
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        let principal = Principal(believing: credentials)
        return revocations.isRevoked(principal) ? .rejected(.revoked) : .accepted(principal)
    }

    func issueToken(subject: String, claims: [String: JSONValue], timeToLive: Duration) async throws -> String {
        claims["jti"]?.string.map { "\(subject)/\($0)" } ?? subject
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

/// Believes every token, and provides nothing: where another module does.
struct BareLogin: AuthStage {
    static let name = "bare_login"
    static let summary = "Believes everybody, for tests, beside a module that issues and revokes tokens."

    init(settings: NoSettings, context: ModuleContext) {}

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .accepted(Principal(believing: credentials)) }
}

extension Principal {
    /// Whoever the token says: `USER`, `USER/ID`, or claims in JSON, of which none ends the token.
    fileprivate convenience init(believing credentials: Credentials) {
        switch credentials {
        case .token(let text):
            if case .object(let claims)? = JSONValue(json: Array(text.utf8)) {
                self.init(userID: claims["sub"]?.string ?? "", claims: claims)
                return
            }
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            self.init(userID: parts.first ?? "", tokenID: parts.count > 1 ? parts[1] : nil)
        }
    }
}
