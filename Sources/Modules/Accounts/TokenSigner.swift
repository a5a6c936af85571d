import GatewayKit

/// What a login or a refresh hands out.
struct TokenPair: Sendable {
    let access: String
    let refresh: String
    /// The `jti` of the refresh token, by which it can be revoked.
    let refreshID: String
    let issuedAt: Timestamp
    let accessExpiry: Timestamp
    let refreshExpiry: Timestamp
}

/// Makes the tokens of a session, signed with the key that the gateway checks them with.
struct TokenSigner: Sendable {
    let issuer: any TokenIssuer
    let accessTTL: Duration
    let refreshTTL: Duration
    let clock: GatewayClock

    func pair(for user: User, session: String) async throws -> TokenPair {
        let now = clock.timestamp
        let access = try await issuer.issueToken(
            subject: user.id,
            claims: [
                "email": .string(user.email), "roles": .array(user.roles.map { .string($0) }), "sid": .string(session),
            ], timeToLive: accessTTL)
        let refreshID = ConnectionID.random().description
        let refresh = try await issuer.issueToken(
            subject: user.id, claims: ["token_use": .string("refresh"), "sid": .string(session), "jti": .string(refreshID)],
            timeToLive: refreshTTL)
        return TokenPair(
            access: access, refresh: refresh, refreshID: refreshID, issuedAt: now, accessExpiry: now.advanced(by: accessTTL),
            refreshExpiry: now.advanced(by: refreshTTL))
    }

    /// Finds out whether tokens can be signed at all.
    ///
    /// - Throws: ``ModuleError`` where the deployment has no private key.
    func check() async throws {
        do {
            _ = try await issuer.issueToken(subject: "start", claims: [:], timeToLive: .seconds(1))
        } catch let error as ModuleError {
            // Its setting is one of the module that signs.
            throw ModuleError(error.message, help: error.help, code: error.code)
        }
    }
}
