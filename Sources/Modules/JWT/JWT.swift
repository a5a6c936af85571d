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
    /// Other modules sign with the key that this one checks with, and end what they signed.
    public static let provides = [Capability.tokenIssuer.name, Capability.tokenRevocations.name]

    private let keys: KeyRing
    private let policy: ClaimPolicy
    let clock: GatewayClock
    let settings: JWTSettings
    private let revocations: RevocationStore
    private let isTrial: Bool

    /// A file of revocations that can be neither read nor made.
    public static func obstacles(to settings: JWTSettings) async -> [ModuleError] {
        let secret =
            settings.createSecret ? settings.secretFile.flatMap { PrivateFolder.obstacle(toMaking: $0, setting: "secret_file") } : nil
        return [secret, PrivateFolder.obstacle(toMaking: settings.revocations, setting: "revocations", isDatabase: true)].compactMap(\.self)
    }

    /// Reads the keys.
    ///
    /// - Throws: ``ModuleError`` for a file that cannot be read, and for a key that cannot be used.
    public init(settings: JWTSettings, context: ModuleContext) throws {
        self.settings = settings
        isTrial = context.isTrial
        keys = try KeyRing(settings.tried(isTrial), logger: context.logger)
        policy = ClaimPolicy(settings)
        clock = context.clock
        // One for each file, whatever else of the settings a reload changes: two would not hear of each other for a second.
        revocations = context.state("revocations in \(settings.revocations.path)") {
            RevocationStore(settings.revocations, clock: context.clock, logger: context.logger)
        }
        context.provide(.tokenRevocations, revocations)
        context.provide(.tokenIssuer, JWTIssuer(key: keys.signingKey, settings: settings, clock: context.clock))
    }

    /// Reads what has been revoked.
    ///
    /// - Throws: ``ModuleError`` where that cannot be read: nobody may get in as if nothing had been revoked.
    public func start() async throws { try await revocations.start(looksForMore: !isTrial) }

    /// Closes the file of revocations, unless a later generation has it too.
    public func stop() async { await revocations.stop() }

    /// Checks a bearer token.
    public func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
        switch credentials {
        case .token(let text):
            guard let token = CompactToken(text) else { return .rejected(.malformed) }
            switch keys.match(token) {
            case .refused(let reason): return .rejected(reason)
            case .secret(let secret, let algorithm):
                return secret.isValid(token, algorithm) ? verdict(token) : .rejected(.invalidSignature)
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
        promise.completeWithTask { [self] in
            for key in keys where await key.isValid(token, algorithm) { return verdict(token) }
            return .rejected(.invalidSignature)
        }
        return .later(promise.futureResult)
    }

    /// What there is to say of a token whose signature is good.
    private func verdict(_ token: CompactToken) -> AuthVerdict {
        let verdict = policy.verdict(token, at: clock.timestamp)
        if case .accepted(let principal) = verdict, revocations.isRevoked(principal) { return .rejected(.revoked) }
        return verdict
    }
}
