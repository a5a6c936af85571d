internal import GatewayKit

/// What is said to a client whose request is no valid handshake.
extension HTTPRefusal {
    static func badRequest(_ message: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, Reason("bad_request", code: 400), "Bad request: \(message)")
    }

    static let headerTooLarge = HTTPRefusal(
        status: 431, Reason("header_too_large", code: 431),
        "The request head has more than \(RequestHeadParser.maxBytes) bytes or \(RequestHeadParser.maxHeaders) headers")
    static let upgradeRequired = withUpgradeHeaders()
    static let notFound = HTTPRefusal(status: 404, Reason("not_found", code: 404), "There is nothing at this path")
    static let requestTimeout = HTTPRefusal(status: 408, Reason("request_timeout", code: 408), "The request did not come in time")
    static let tooManyConnections = HTTPRefusal(
        status: 429, .rateLimited, "Too many connections from this address", retryAfter: .seconds(1))

    static let overloaded = HTTPRefusal(
        status: 503, .overloaded, "The gateway holds too many unfinished messages", retryAfter: .seconds(1))

    static func bodyTooBig(_ limit: Int) -> HTTPRefusal {
        HTTPRefusal(status: 413, Reason("body_too_big", code: 413), "The body has more than \(limit) bytes")
    }

    /// RFC 9110, 15.5.22; RFC 6455, 4.4.
    private static func withUpgradeHeaders() -> HTTPRefusal {
        var refusal = HTTPRefusal(
            status: 426, Reason("upgrade_required", code: 426), "A WebSocket handshake of version 13 is needed here")
        refusal.headers = [("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
        return refusal
    }
}
