import Foundation

/// Where a client connects to: a `ws` or `wss` URL in its parts.
struct ConnectURL {
    let host: String
    let port: Int
    /// The path with the query, as the request line has it.
    let target: String
    let isSecure: Bool

    /// The endpoint of a gateway with the defaults.
    static let standard = "ws://localhost:3000/ws"

    /// Reads a URL; `ws://` may be left out, and then the path of the endpoint too, and for this machine all but the port.
    ///
    /// - Throws: `CommandFailure` that says what is wrong.
    init(_ text: String) throws {
        let isShort = !text.contains("://")
        let isPort = !text.isEmpty && text.allSatisfy(\.isASCII) && text.allSatisfy(\.isNumber)
        let full = isPort ? "ws://localhost:\(text)" : isShort ? "ws://\(text)" : text
        guard let parts = URLComponents(string: full), let host = parts.host, !host.isEmpty else {
            throw CommandFailure("'\(TerminalText.escaped(text))' is no URL", help: "write it like \(Self.standard)")
        }
        switch parts.scheme?.lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw CommandFailure("a WebSocket URL begins with ws:// or wss://", help: "write it like \(Self.standard)")
        }
        // IPv6 addresses stand in brackets in a URL and nowhere else.
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65535).contains(port) else { throw CommandFailure("\(port) is no port", help: "a port is a number from 1 to 65535") }
        let path = parts.percentEncodedPath.isEmpty ? (isShort ? "/ws" : "/") : parts.percentEncodedPath
        target = path + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
    }

    /// The URL, whole.
    var text: String { "\(isSecure ? "wss" : "ws")://\(authority)\(target)" }

    /// The header `Host`.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
