import GatewayHTTP
import GatewayKit

/// What one listener serves: the WebSocket endpoint or none, and the routes.
struct Site: Sendable {
    /// The path of the WebSocket endpoint; nil where there is none.
    let endpoint: String?
    /// The proxies whose `X-Forwarded-For` is believed.
    let trustedProxies: [AddressRange]
    let cors: CORSPolicy
    /// Looks at each request before anything else; nil lets it pass.
    let guardian: (@Sendable (SiteRequest) -> HTTPRefusal?)?
    /// The routes of the listener's own; nil for those of the present generation.
    let router: HTTPRouter?

    /// `server.port`: the endpoint, and the routes of the generation.
    static func gateway(_ settings: CoreSettings) -> Site {
        Site(
            endpoint: settings.server.enabled ? settings.server.path : nil, trustedProxies: settings.server.trustedProxies,
            cors: CORSPolicy(origins: settings.http.cors.origins), guardian: nil, router: nil)
    }

    /// A listener with routes of its own: no endpoint, no proxy, no other site's page.
    static func own(_ router: HTTPRouter, guardian: @escaping @Sendable (SiteRequest) -> HTTPRefusal?) -> Site {
        Site(endpoint: nil, trustedProxies: [], cors: CORSPolicy(origins: []), guardian: guardian, router: router)
    }

    /// The largest body of a request: a listener of its own takes a whole configuration whatever clients may send.
    func maxBody(_ settings: HTTPSettings) -> Int { router == nil ? settings.maxBody.bytes : max(settings.maxBody.bytes, 4 << 20) }

    /// What its connections count as: a listener of its own does not share the places of `server.port`.
    var kind: Admission.Kind { router == nil ? .http : .admin }

    func isTrustedProxy(_ address: ClientAddress) -> Bool { trustedProxies.contains { $0.contains(address) } }
}

/// What a guardian knows of a request.
package struct SiteRequest: Sendable {
    /// The path as it came.
    package let path: String
    /// Header lines: names in lower case, values trimmed.
    package let headers: [(name: String, value: String)]
    /// Whether it came over a Unix socket.
    package let isUnixSocket: Bool
}
