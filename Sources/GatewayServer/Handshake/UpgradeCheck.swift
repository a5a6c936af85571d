internal import GatewayKit

/// Decides whether a request is a valid WebSocket handshake (RFC 6455, 4.2.1).
enum UpgradeCheck {
    /// Looks at the method, the upgrade headers and the key, in this order.
    ///
    /// - Returns: The request, and what `Sec-WebSocket-Accept` of the 101 has to be.
    static func check(_ head: RequestHead) -> Result<(request: UpgradeRequest, accept: String), HTTPRefusal> {
        guard head.method == "GET" else { return .failure(.methodNotAllowed(allow: "GET")) }
        guard !head.isHTTP10, head.lists("upgrade", "websocket"), head.lists("connection", "upgrade") else {
            return .failure(.upgradeRequired)
        }
        guard only("sec-websocket-version", in: head) == "13" else { return .failure(.upgradeRequired) }
        guard let key = only("sec-websocket-key", in: head), WebSocketKey.isValid(key) else {
            return .failure(.badRequest("Sec-WebSocket-Key must stand once and be 16 bytes in base64"))
        }
        switch head.body {
        case .none, .length(0): break
        case .length, .chunked: return .failure(.badRequest("a handshake has no body"))
        }
        let request = UpgradeRequest(path: head.path, query: head.query, headers: head.headers)
        return .success((request, WebSocketKey.accept(key)))
    }

    /// The value of a header that stands exactly once.
    private static func only(_ name: String, in head: RequestHead) -> String? {
        var found: String?
        for header in head.headers where header.name == name {
            if found != nil { return nil }
            found = header.value
        }
        return found
    }
}
