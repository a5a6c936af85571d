import GatewayKit
import Logging

extension AccountService {
    /// How often a refresh is tried anew because the user was changed meanwhile.
    private static let maxTries = 3

    /// Answers `POST /api/auth/refresh`.
    ///
    /// A token works once. One that comes again was stolen, or its thief has used it before: the session is over for both.
    func refresh(_ request: HTTPRequest) async throws -> HTTPResponse {
        let digest = TokenDigest(try request.object().text("refreshToken", length: 1...Operations.maxTokenLength))
        return try await exchanges.run(request.address) {
            let store = try store()
            for _ in 0..<Self.maxTries {
                guard let token = try await store.token(digest) else { throw Self.refused(.invalidCredentials) }
                guard token.isCurrent else { throw try await endStolen(token, store) }
                guard clock.timestamp < token.expiresAt else { throw Self.refused(.expired) }
                try rates.take(token.sessionID, now: clock.now)
                guard !revocations.isRevoked(token.principal) else { throw try await end(token, store) }
                let pair = try await signer.pair(for: token.user, session: token.sessionID)
                switch try await store.rotate(token, to: pair) {
                case .rotated:
                    // It may have been revoked while the pair was signed and stored.
                    guard !revocations.isRevoked(token.principal) else { throw try await end(token, store) }
                    return Self.answer(pair)
                case .reused: throw try await endStolen(token, store)
                case .changed: continue
                }
            }
            throw HTTPRefusal(status: 503, .overloaded, "The user is being changed", retryAfter: .seconds(1))
        }
    }

    /// Answers `POST /api/auth/logout`.
    ///
    /// A session that is over, or a token that nobody knows, is answered like one that ends: whoever lost the first answer asks again.
    func logout(_ request: HTTPRequest) async throws -> HTTPResponse {
        let digest = TokenDigest(try request.object().text("refreshToken", length: 1...Operations.maxTokenLength))
        return try await exchanges.run(request.address) {
            let store = try store()
            if let token = try await store.token(digest) { try await store.end(session: token.sessionID) }
            try await store.deliverRevocations(to: revocations)
            return .success(data: JSONWriter().finish())
        }
    }

    /// Ends a session whose token came twice; returns the refusal.
    private func endStolen(_ token: StoredToken, _ store: AccountStore) async throws -> HTTPRefusal {
        let refusal = try await end(token, store)
        logger.warning("a refresh token came twice, so its session is over", metadata: ["user": "\(token.user.id)"])
        return refusal
    }

    /// Ends a session; returns the refusal.
    private func end(_ token: StoredToken, _ store: AccountStore) async throws -> HTTPRefusal {
        try await store.end(session: token.sessionID)
        try await store.deliverRevocations(to: revocations)
        return Self.refused(.revoked)
    }

    private static func refused(_ reason: Reason) -> HTTPRefusal {
        HTTPRefusal(status: 401, reason, "The refresh token is not valid")
    }

    private static func answer(_ pair: TokenPair) -> HTTPResponse {
        var data = JSONWriter()
        data.member("accessToken", .string(pair.access))
        data.member("refreshToken", .string(pair.refresh))
        return .success(data: data.finish())
    }
}
