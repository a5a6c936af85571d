import GatewayKit

/// A revocation as it stands at Redis: a member of a sorted set, whose score is the time when its tokens have expired.
struct SharedRevocation: Hashable {
    let revocation: Revocation

    init(_ revocation: Revocation) { self.revocation = revocation }

    /// `token ID`, `session ID`, or `user MILLISECONDS ID`.
    var member: String {
        switch revocation.tokens {
        case .token(let id): "token \(id)"
        case .session(let id): "session \(id)"
        case .user(let id, let issuedUntil): "user \(issuedUntil.milliseconds) \(id)"
        }
    }

    /// Milliseconds since 1970, or `+inf` where nobody knows.
    var score: String { revocation.expiresAt.map { String($0.milliseconds) } ?? "+inf" }

    /// What is published: score and member.
    var text: String { "\(score) \(member)" }

    /// Reads what was published; nil for what no gateway writes.
    init?(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(member: String(parts[1]), score: String(parts[0]))
    }

    /// Reads a member of the set with its score; nil for what no gateway writes.
    init?(member: String, score: String) {
        let parts = member.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let expiresAt = Self.time(score) else { return nil }
        let rest = String(parts[1])
        switch parts[0] {
        case "token": self.init(Revocation(.token(rest), expiresAt: expiresAt))
        case "session": self.init(Revocation(.session(rest), expiresAt: expiresAt))
        case "user":
            let parts = rest.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let time = Int64(parts[0]) else { return nil }
            self.init(Revocation(.user(String(parts[1]), issuedUntil: Timestamp(milliseconds: time)), expiresAt: expiresAt))
        default: return nil
        }
    }

    /// A score; the outer nil for what is none, the inner for no end: what lies beyond all dates has none.
    ///
    /// Redis writes large numbers as doubles (`1.7e+12`).
    private static func time(_ score: String) -> Timestamp?? {
        guard let number = Double(score), number > -9e15 else { return nil }
        return number >= 9e15 ? .some(nil) : .some(Timestamp(milliseconds: Int64(number)))
    }
}
