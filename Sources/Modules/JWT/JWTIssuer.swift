import GatewayKit
import NIOCore

/// Signs access tokens that the module accepts.
struct JWTIssuer: TokenIssuer {
    /// Nil where only public keys are known.
    let key: SigningKey?
    let settings: JWTSettings
    let clock: GatewayClock

    func issueToken(subject: String, claims: [String: JSONValue], timeToLive: Duration) async throws -> String {
        guard let key else {
            throw ModuleError(
                "there is no key to sign tokens with: only public keys are known",
                help: "give modules.jwt.private_key, or sign where the private key is", setting: "private_key")
        }
        guard (1...255).contains(subject.utf8.count) else { throw ModuleError("a user's id has 1 to 255 bytes") }
        // The kit's random UUID, unless whoever asks has to know the id.
        let id = claims["jti"]?.string ?? ConnectionID.random().description
        guard (1...255).contains(id.utf8.count) else { throw ModuleError("a token's id has 1 to 255 bytes") }
        var all = claims.merging(generated(subject, timeToLive)) { $1 }
        all["jti"] = .string(id)
        let input = "\(Self.encoded(["alg": .string(key.algorithm.rawValue), "typ": .string("JWT")])).\(Self.encoded(all))"
        guard let signature = await key.sign(Array(input.utf8)) else {
            throw ModuleError("the key cannot sign with \(key.algorithm.rawValue)", setting: "private_key")
        }
        let token = "\(input).\(Base64.encode(signature, .url))"
        guard token.utf8.count <= CompactToken.maxBytes else { throw ModuleError("the claims make a token of more than 8 KiB") }
        return token
    }

    private func generated(_ subject: String, _ timeToLive: Duration) -> [String: JSONValue] {
        let now = clock.timestamp
        let (seconds, rest) = now.advanced(by: timeToLive).milliseconds.quotientAndRemainder(dividingBy: 1000)
        var claims: [String: JSONValue] = [
            settings.userClaim: .string(subject),
            "iat": .integer(now.milliseconds / 1000),
            // Rounded up, so that a short life is not over at once.
            "exp": .integer(seconds + (rest > 0 ? 1 : 0)),
        ]
        if let issuer = settings.issuer { claims["iss"] = .string(issuer) }
        if let audience = settings.audience { claims["aud"] = .string(audience) }
        return claims
    }

    private static func encoded(_ members: [String: JSONValue]) -> String {
        var json = ByteBuffer()
        json.writeJSON(.object(members))
        return Base64.encode(json.readableBytesView, .url)
    }
}
