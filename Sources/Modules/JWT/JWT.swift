public import GatewayKit
import Logging
import NIOCore

/// The module `jwt`: who a client is, by a signed token (RFC 7519).
///
/// A token is checked against the keys of the deployment and nothing that it says about itself: its algorithm has to be one that
/// the settings list and its key is for. HMAC is checked on the event loop, public keys off it.
public final class JWT: AuthStage {
    /// The name in gateway.yaml.
    public static let name = "jwt"
    /// What the module does.
    public static let summary = "Checks JSON Web Tokens: signature, times, issuer, audience; the user and the claims come from them."
    /// Other modules sign with the key that this one checks with.
    public static let provides = [Capability.tokenIssuer.name]

    private let keys: KeyRing
    private let policy: ClaimPolicy
    private let clock: GatewayClock

    /// Reads the keys.
    ///
    /// - Throws: ``ModuleError`` for a file that cannot be read, and for a key that cannot be used.
    public init(settings: JWTSettings, context: ModuleContext) throws {
        keys = try KeyRing(settings, logger: context.logger)
        policy = ClaimPolicy(settings)
        clock = context.clock
        context.provide(.tokenIssuer, JWTIssuer(key: keys.signingKey, settings: settings, clock: context.clock))
    }

    /// Checks a bearer token.
    public func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        switch credentials {
        case .token(let text):
            guard let token = CompactToken(text) else { return .rejected(.malformed) }
            switch keys.match(token) {
            case .refused(let reason): return .rejected(reason)
            case .secret(let secret, let algorithm):
                return secret.isValid(token, algorithm) ? policy.verdict(token, at: clock.timestamp) : .rejected(.invalidSignature)
            case .publicKeys(let candidates, let algorithm):
                return check(token, with: candidates, algorithm, on: connection.eventLoop)
            }
        }
    }

    /// A signature by a private key takes up to some hundred microseconds to check, which no event loop has to spare.
    private func check(
        _ token: CompactToken, with keys: [AsymmetricKey], _ algorithm: SigningAlgorithm, on eventLoop: any EventLoop
    ) -> AuthVerdict {
        let promise = eventLoop.makePromise(of: AuthVerdict.self)
        let (policy, clock) = (policy, clock)
        promise.completeWithTask {
            for key in keys where await key.isValid(token, algorithm) { return policy.verdict(token, at: clock.timestamp) }
            return .rejected(.invalidSignature)
        }
        return .later(promise.futureResult)
    }
}
