import GatewayKit
import Synchronization

/// Signs nothing and revokes nothing, and remembers what it was asked for.
final class FakeTokens: TokenIssuer, TokenRevocations {
    struct Issued: Sendable {
        let subject: String
        let claims: [String: JSONValue]
        let timeToLive: Duration

        var session: String? { claims["sid"]?.string }
    }
    struct Unkept: Error {}

    private struct State {
        var issued: [String: Issued] = [:]
        var revoked: [Revocation] = []
        var isFailing = false
        /// The user for whom alone it fails; nil for all.
        var failing: String?
        /// How many calls have to come together before any of them is answered.
        var meeting = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var arrivals: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    var revoked: [Revocation] { state.withLock { $0.revoked } }

    func issued(_ token: String?) -> Issued? { state.withLock { state in token.flatMap { state.issued[$0] } } }

    /// Makes revocations fail, or work again.
    func fail(_ isFailing: Bool, for user: String? = nil) {
        state.withLock { state in
            state.isFailing = isFailing
            state.failing = user
        }
    }

    /// The next `count` calls wait for each other.
    func meet(_ count: Int) { state.withLock { $0.meeting = count } }

    /// Returns once `count` calls wait.
    func waiters(_ count: Int) async {
        while state.withLock({ $0.waiting.count }) < count {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.waiting.count >= count { return true }
                    state.arrivals.append(continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    /// Lets all who wait go on.
    func disperse() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.meeting = 0
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func issueToken(subject: String, claims: [String: JSONValue], timeToLive: Duration) async throws -> String {
        await meetOthers()
        return state.withLock { state in
            let token = "token-\(state.issued.count)"
            state.issued[token] = Issued(subject: subject, claims: claims, timeToLive: timeToLive)
            return token
        }
    }

    private func meetOthers() async {
        await withCheckedContinuation { continuation in
            let (go, arrivals) = state.withLock { state -> ([CheckedContinuation<Void, Never>], [CheckedContinuation<Void, Never>]) in
                guard state.meeting > 0 else { return ([continuation], []) }
                state.waiting.append(continuation)
                defer { state.arrivals = [] }
                guard state.waiting.count >= state.meeting else { return ([], state.arrivals) }
                defer { state.waiting = [] }
                state.meeting = 0
                return (state.waiting, state.arrivals)
            }
            for other in go + arrivals { other.resume() }
        }
    }

    func revoke(_ revocations: [Revocation]) async throws {
        try state.withLock { state in
            for revocation in revocations {
                let isConcerned = state.failing.map { revocation.covers(Principal(userID: $0)) } ?? true
                if state.isFailing, isConcerned { throw Unkept() }
                // What is known changes nothing: the accounts hand over again, each few seconds, what they have not seen kept.
                if !state.revoked.contains(revocation) { state.revoked.append(revocation) }
            }
        }
    }

    func current() async -> [Revocation] { revoked }

    func isRevoked(_ principal: Principal) -> Bool { revoked.contains { $0.covers(principal) } }

    func observe(_ observer: @escaping @Sendable (Revocation) -> Void) {}
}
