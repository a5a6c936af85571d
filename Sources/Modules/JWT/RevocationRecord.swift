import GatewayKit

/// A revocation as the file and the memory keep it: at most one for each token, session and user.
struct RevocationRecord: Hashable, Sendable {
    /// What the tokens have in common; the raw values stand in the file.
    enum Kind: String, Sendable {
        case token
        case session
        case user
    }

    /// Whose tokens.
    struct Key: Hashable, Sendable {
        let kind: Kind
        let value: String
    }

    /// Which of them, and for how long that matters.
    struct Times: Hashable, Sendable {
        /// Tokens that were issued later are good; the end of time but for a user's.
        var issuedUntil: Timestamp
        /// The end of time where nobody knows.
        var expiresAt: Timestamp

        /// What covers the tokens of both.
        func merged(with other: Times) -> Times {
            Times(issuedUntil: max(issuedUntil, other.issuedUntil), expiresAt: max(expiresAt, other.expiresAt))
        }

        /// Whether no token is left that any leeway could still let in: the leeway is a setting, and may change.
        func isOver(at now: Timestamp) -> Bool { expiresAt.advanced(by: JWTSettings.maxLeeway) <= now }
    }

    private static let endOfTime = Timestamp(milliseconds: .max)

    let key: Key
    var times: Times

    /// Whether the file gives it back as it is.
    ///
    /// SQLite would give back less of an id with a zero in it, and no token has such a one.
    var canBeKept: Bool { key.value.utf8.count <= CompactToken.maxBytes && !key.value.utf8.contains(0) }
}

extension RevocationRecord {
    init(_ revocation: Revocation) {
        let expiresAt = revocation.expiresAt ?? Self.endOfTime
        switch revocation.tokens {
        case .token(let id):
            self.init(key: Key(kind: .token, value: id), times: Times(issuedUntil: Self.endOfTime, expiresAt: expiresAt))
        case .session(let id):
            self.init(key: Key(kind: .session, value: id), times: Times(issuedUntil: Self.endOfTime, expiresAt: expiresAt))
        case .user(let id, let issuedUntil):
            self.init(key: Key(kind: .user, value: id), times: Times(issuedUntil: issuedUntil, expiresAt: expiresAt))
        }
    }

    /// The same for those who are told of it.
    var revocation: Revocation {
        let tokens: Revocation.Tokens =
            switch key.kind {
            case .token: .token(key.value)
            case .session: .session(key.value)
            case .user: .user(key.value, issuedUntil: times.issuedUntil)
            }
        return Revocation(tokens, expiresAt: times.expiresAt == Self.endOfTime ? nil : times.expiresAt)
    }
}
