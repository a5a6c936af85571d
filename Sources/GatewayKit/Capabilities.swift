private import Synchronization

/// The name of something that one module provides and others require.
public struct CapabilityName: RawRepresentable, Hashable, Sendable {
    /// The name as it stands in messages, in snake_case.
    public let rawValue: String

    /// Names a capability.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A capability with the type of its value: how modules reach each other without importing each other.
public struct Capability<Value: Sendable>: Sendable {
    /// The name that ``Module/requires`` and ``Module/provides`` list.
    public let name: CapabilityName

    /// Declares a capability.
    ///
    /// - Parameter name: In snake_case; unique.
    public init(_ name: String) { self.name = CapabilityName(rawValue: name) }
}

/// Signs access tokens.
///
/// Provided by the module that also checks them, so that there is one key in one place.
public protocol TokenIssuer: Sendable {
    /// Signs a token.
    ///
    /// - Parameters:
    ///   - subject: The user's id, which goes into the claim that the checker reads it from.
    ///   - claims: Further claims; they win over none of the generated ones (`iat`, `exp`, `iss`, `aud`). A `jti` that is text is the
    ///     token's id, 1 to 255 bytes; without one the id is random.
    ///   - timeToLive: From now to `exp`.
    /// - Returns: The token in compact form.
    /// - Throws: ``ModuleError`` where the deployment has no private key, or an id is too long.
    func issueToken(subject: String, claims: [String: JSONValue], timeToLive: Duration) async throws -> String
}

extension Capability where Value == any TokenIssuer {
    /// Signs access tokens with the key of the deployment.
    public static var tokenIssuer: Self { Self("token_issuer") }
}

/// Makes tokens worthless before they expire.
///
/// Provided by the module that checks them. What is revoked stays so until its tokens have expired, over restarts too.
public protocol TokenRevocations: Sendable {
    /// Revokes tokens; in force, and kept, once it returns. What is known or has expired changes nothing.
    ///
    /// - Parameter revocations: Which tokens; as many as it pleases.
    /// - Throws: ``ModuleError`` where one of them cannot be kept; others may be in force and kept all the same.
    func revoke(_ revocations: [Revocation]) async throws

    /// All that is in force: a copy, to be asked for when that is needed.
    func current() async -> [Revocation]

    /// Whether a token has been revoked. Looks into memory alone; callable on any thread.
    func isRevoked(_ principal: Principal) -> Bool

    /// Says who is told of each revocation, those of other processes included: once, by the core, before the module starts.
    ///
    /// - Parameter observer: Called on any thread, after ``isRevoked(_:)`` has begun to answer yes and before ``revoke(_:)`` returns;
    ///   not for what changes nothing.
    func observe(_ observer: @escaping @Sendable (Revocation) -> Void)
}

extension TokenRevocations {
    /// Revokes tokens; in force, and kept, once it returns.
    ///
    /// - Parameter revocation: Which tokens.
    /// - Throws: ``ModuleError`` where it cannot be kept.
    public func revoke(_ revocation: Revocation) async throws { try await revoke([revocation]) }
}

/// Which tokens are worthless.
public struct Revocation: Hashable, Sendable {
    /// What the tokens have in common.
    public enum Tokens: Hashable, Sendable {
        /// The token with this `jti`.
        case token(String)
        /// The tokens of one login: those with this `sid`.
        case session(String)
        /// The tokens of a user that were issued at this time or before; those that do not say when count as old.
        case user(String, issuedUntil: Timestamp)
    }

    /// Which tokens.
    public let tokens: Tokens
    /// When the last of them has expired, so that nothing needs to be remembered; nil where nobody knows.
    public let expiresAt: Timestamp?

    /// Describes a revocation.
    public init(_ tokens: Tokens, expiresAt: Timestamp? = nil) {
        self.tokens = tokens
        self.expiresAt = expiresAt
    }

    /// Whether a token is among them.
    public func covers(_ principal: Principal) -> Bool {
        switch tokens {
        case .token(let id): principal.tokenID == id
        case .session(let id): principal.sessionID == id
        case .user(let id, let issuedUntil): principal.userID == id && (principal.issuedAt.map { $0 <= issuedUntil } ?? true)
        }
    }
}

extension Principal {
    /// The login that the token belongs to (`sid`); nil where it does not say.
    public var sessionID: String? { claims["sid"]?.string }
}

extension Capability where Value == any TokenRevocations {
    /// Makes tokens worthless.
    public static var tokenRevocations: Self { Self("token_revocations") }
}

/// The capabilities of one generation while it is built.
package final class Capabilities: Sendable {
    private let values = Mutex<[CapabilityName: any Sendable]>([:])

    package init() {}

    package func value(_ name: CapabilityName) -> (any Sendable)? { values.withLock { $0[name] } }
    func set(_ name: CapabilityName, _ value: any Sendable) { values.withLock { $0[name] = value } }

    /// Takes over what a module provides that was made for another generation.
    package func take(_ names: [CapabilityName], from other: Capabilities) {
        for name in names {
            if let value = other.value(name) { set(name, value) }
        }
    }
}
