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
    ///   - claims: Further claims; they win over none of the generated ones (`iat`, `exp`, `jti`, `iss`, `aud`).
    ///   - timeToLive: From now to `exp`.
    /// - Returns: The token in compact form.
    /// - Throws: ``ModuleError`` where the deployment has no private key.
    func issueToken(subject: String, claims: [String: ClaimValue], timeToLive: Duration) async throws -> String
}

extension Capability where Value == any TokenIssuer {
    /// Signs access tokens with the key of the deployment.
    public static var tokenIssuer: Self { Self("token_issuer") }
}

/// The capabilities of one generation while it is built.
package final class Capabilities: Sendable {
    private let values = Mutex<[CapabilityName: any Sendable]>([:])

    package init() {}

    package func value(_ name: CapabilityName) -> (any Sendable)? { values.withLock { $0[name] } }
    func set(_ name: CapabilityName, _ value: any Sendable) { values.withLock { $0[name] = value } }
}
