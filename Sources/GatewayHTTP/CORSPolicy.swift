/// Which sites' pages may read the answers (the Fetch standard, "CORS protocol").
///
/// Tokens stand in headers that a page sets itself, so credentials of the browser are never allowed.
package struct CORSPolicy: Sendable {
    private let origins: [String]

    /// Makes a policy; `*` stands for every site.
    package init(origins: [String]) { self.origins = origins }

    /// The header lines that an answer to a request needs; none where the page's site is not listed.
    package func headers(origin: String?) -> [(name: String, value: String)] {
        guard !origins.isEmpty else { return [] }
        // Without a listed site the answer must not be kept for one that is.
        guard let origin, allows(origin) else { return [("Vary", "Origin")] }
        return [
            ("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin), ("Vary", "Origin"),
            ("Access-Control-Expose-Headers", "Retry-After"),
        ]
    }

    /// The same for what a browser asks before it sends a request.
    package func preflight(origin: String?, allow: String) -> [(name: String, value: String)] {
        guard let origin, allows(origin) else { return headers(origin: origin) }
        return headers(origin: origin) + [
            ("Access-Control-Allow-Methods", allow),
            ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, X-API-Key"), ("Access-Control-Max-Age", "600"),
        ]
    }

    private func allows(_ origin: String) -> Bool { origins.contains("*") || origins.contains { $0.utf8.elementsEqual(origin.utf8) } }
}
