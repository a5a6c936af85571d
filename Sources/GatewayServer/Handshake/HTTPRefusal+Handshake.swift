internal import GatewayKit

/// What is said to a client whose request is no valid handshake.
extension HTTPRefusal {
    static func badRequest(_ message: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, Reason("bad_request", code: 400), "Bad request: \(message)")
    }

    static let headerTooLarge = HTTPRefusal(
        status: 431, Reason("header_too_large", code: 431),
        "The request head has more than \(RequestHeadParser.maxBytes) bytes or \(RequestHeadParser.maxHeaders) headers")
    static let methodNotAllowed = HTTPRefusal(status: 405, Reason("method_not_allowed", code: 405), "Only GET is allowed here")
    static let upgradeRequired = HTTPRefusal(
        status: 426, Reason("upgrade_required", code: 426), "A WebSocket handshake of version 13 is needed here")

    /// The header lines that the status needs beside those of every answer (RFC 9110, 15.5.6 and 15.5.22; RFC 6455, 4.4).
    var requiredHeaders: [(name: String, value: String)] {
        switch status {
        case 405: [("Allow", "GET")]
        case 426: [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13")]
        default: []
        }
    }
}
