import GatewayKit
import Synchronization

/// Makes tokens worthless at once where a gateway runs: tells it by its admin socket, then writes what it would have written.
///
/// The file is what lasts. It is written in any case, since the socket may be that of a gateway with other files.
final class SocketRevocations: TokenRevocations {
    private let client: AdminClient?
    private let offline: any TokenRevocations
    private let told = Mutex<RevocationOutcome?>(nil)

    /// Makes them.
    ///
    /// - Parameters:
    ///   - client: Asks the gateway; nil where the configuration has no socket.
    ///   - offline: Keeps what is revoked.
    init(_ client: AdminClient?, keptBy offline: any TokenRevocations) {
        self.client = client
        self.offline = offline
    }

    /// What became of all that was revoked since ``countAnew()``.
    var outcome: RevocationOutcome { told.withLock { $0 } ?? (client == nil ? .noSocket : .nothingToTell) }

    /// Forgets how many connections have been closed so far; not that the gateway did not answer.
    func countAnew() {
        told.withLock { if case .closed? = $0 { $0 = nil } }
    }

    func revoke(_ revocations: [Revocation]) async throws {
        for revocation in revocations { await tell(revocation) }
        try await offline.revoke(revocations)
    }

    func current() async -> [Revocation] { await offline.current() }

    func isRevoked(_ principal: Principal) -> Bool { offline.isRevoked(principal) }

    func observe(_ observer: @escaping @Sendable (Revocation) -> Void) { offline.observe(observer) }

    /// Whoever did not answer is not asked again.
    private func tell(_ revocation: Revocation) async {
        guard let client else { return }
        let count: Int
        switch told.withLock({ $0 }) {
        case nil: count = 0
        case .closed(let before)?: count = before
        case .nothingToTell?, .noSocket?, .unanswered?, .refused?: return
        }
        let outcome: RevocationOutcome
        do throws(AdminCallFailure) {
            let answer = try await client.call(.post, "/admin/v1/revocations", Self.body(revocation))
            if case .integer(let more)? = answer.data?["disconnected"], more >= 0 {
                outcome = .closed(count &+ Int(clamping: more))
            } else {
                outcome = .refused(client, answer.refusal ?? "HTTP \(answer.status)")
            }
        } catch {
            outcome = .unanswered(client, error)
        }
        told.withLock { $0 = outcome }
    }

    private static func body(_ revocation: Revocation) -> JSONValue {
        var members: [String: JSONValue] = [:]
        switch revocation.tokens {
        case .token(let id): members["token"] = .string(id)
        case .session(let id): members["session"] = .string(id)
        case .user(let id, let issuedUntil):
            members["user"] = .string(id)
            members["issuedUntil"] = .string(issuedUntil.text)
        }
        members["expiresAt"] = revocation.expiresAt.map { .string($0.text) }
        return .object(members)
    }
}
