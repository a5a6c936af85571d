import GatewayKit

/// What a request's head has to say for its route.
enum RequestHeadRules {
    static func check(_ head: RequestHead, _ route: HTTPRoute) throws(HTTPRefusal) {
        if let expectation = head.first("expect"), expectation.lowercased() != "100-continue" {
            throw HTTPRefusal(status: 417, Reason("expectation_failed", code: 417), "Nothing but 100-continue can be expected")
        }
        guard route.operation.body != nil, head.body != .none, head.body != .length(0) else { return }
        let type = head.first("content-type")?.prefix { $0 != ";" && $0 != " " }.lowercased()
        let encoding = head.first("content-encoding")?.lowercased() ?? "identity"
        guard type == "application/json", encoding == "identity" else {
            throw HTTPRefusal(status: 415, Reason("unsupported_media_type", code: 415), "The body has to be application/json, not encoded")
        }
    }
}

extension RequestHead {
    /// Whether the client waits with its body until it is told to go on (RFC 9110, 10.1.1).
    var expectsContinue: Bool { !isHTTP10 && first("expect") != nil }

    /// The token of `Authorization: Bearer TOKEN` (RFC 6750, 2.1), where the header stands once.
    var bearerToken: String? {
        let lines = headers.filter { $0.name == "authorization" }
        guard lines.count == 1, let value = lines.first?.value, value.count > 7, value.prefix(7).lowercased() == "bearer " else {
            return nil
        }
        return String(value.dropFirst(7).drop { $0 == " " })
    }
}

extension HTTPRefusal {
    static func methodNotAllowed(allow: String) -> HTTPRefusal {
        var refusal = HTTPRefusal(status: 405, Reason("method_not_allowed", code: 405), "The methods here are \(allow)")
        refusal.headers = [("Allow", allow)]
        return refusal
    }

    /// Which credentials are wanted.
    enum Scheme { case bearer, apiKey }

    static func unauthorized(_ scheme: Scheme, _ reason: Reason = .notAuthenticated) -> HTTPRefusal {
        switch scheme {
        case .bearer:
            var refusal = HTTPRefusal(status: 401, reason, "A valid token is needed: Authorization: Bearer TOKEN")
            refusal.headers = [("WWW-Authenticate", reason == .notAuthenticated ? "Bearer" : "Bearer error=\"invalid_token\"")]
            return refusal
        case .apiKey:
            var refusal = HTTPRefusal(status: 401, reason, "A valid key is needed: X-API-Key: KEY")
            refusal.headers = [("WWW-Authenticate", "ApiKey")]
            return refusal
        }
    }
}
