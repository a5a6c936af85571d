internal import Crypto
package import GatewayKit

/// Decides who gets to the routes of the admin listener, before any of them runs.
///
/// There is no CORS: no page of another site reads an answer, and none reaches the listener under a name of its own.
package struct AdminGuard: Sendable {
    private let token: SHA256Digest?
    private let hosts: Set<String>

    /// Makes a guard.
    ///
    /// - Parameters:
    ///   - token: What callers have to show; nil or empty lets nobody in but to health, and by the Unix socket.
    ///   - hosts: Names that the listener is called by, beside `localhost`: `admin.host`.
    package init(token: Secret?, hosts: [String]) {
        self.token = token.flatMap { $0.bytes.isEmpty ? nil : SHA256.hash(data: $0.bytes) }
        self.hosts = Set(hosts.map { $0.lowercased() } + ["localhost"])
    }

    /// Decides about one request.
    ///
    /// - Parameters:
    ///   - path: The path, without the query.
    ///   - authorization: The value of `Authorization`.
    ///   - host: The value of `Host`.
    ///   - isUnixSocket: Whether it came by the Unix socket, which the file system guards.
    /// - Returns: nil where the request may go on; else 421 for a foreign host, 401 for no token or another one, 403 where there is none.
    package func refusal(path: String, authorization: String?, host: String?, isUnixSocket: Bool) -> HTTPRefusal? {
        if isUnixSocket { return nil }
        guard let host, isOurs(host) else {
            // A page can point a name of its own at this address (DNS rebinding), but not change what the browser says.
            return HTTPRefusal(
                status: 421, Reason("misdirected", code: 421), "The Host header has to be an IP address, localhost or admin.host")
        }
        if path == "/livez" || path == "/readyz" { return nil }
        guard let token else { return HTTPRefusal(status: 403, .forbidden, "No token is configured") }
        // Digests are compared in constant time, whatever the length of what came.
        guard let shown = Self.bearer(authorization), SHA256.hash(data: Array(shown.utf8)) == token else {
            var refusal = HTTPRefusal(status: 401, .notAuthenticated, "Send the admin token: Authorization: Bearer TOKEN")
            refusal.headers = [("WWW-Authenticate", "Bearer")]
            return refusal
        }
        return nil
    }

    private func isOurs(_ host: String) -> Bool {
        var name = Substring(host)
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return false }
            let rest = name[name.index(after: end)...]
            guard rest.isEmpty || Self.isPort(rest) else { return false }
            let address = ClientAddress(String(name[name.index(after: name.startIndex)..<end]))
            return address != nil && name.contains(":")
        }
        if let colon = name.firstIndex(of: ":") {
            guard Self.isPort(name[colon...]) else { return false }
            name = name[..<colon]
        }
        return ClientAddress(String(name)) != nil || hosts.contains(name.lowercased())
    }

    /// Whether it is a colon with a port.
    private static func isPort(_ text: Substring) -> Bool {
        text.hasPrefix(":") && text.utf8.count <= 6 && text.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
    }

    /// What stands behind `Bearer` (RFC 6750, 2.1; the scheme's case does not matter: RFC 9110, 11.1).
    private static func bearer(_ authorization: String?) -> Substring? {
        guard let authorization, let space = authorization.firstIndex(of: " ") else { return nil }
        guard authorization[..<space].lowercased() == "bearer" else { return nil }
        return authorization[space...].drop { $0 == " " }
    }
}
