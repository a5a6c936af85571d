/// The HTTP request that asks for a WebSocket.
public struct UpgradeRequest: Sendable {
    /// The path, without the query.
    public let path: String
    /// The query without the question mark; empty where there is none.
    public let query: String
    /// Header lines as they came: names in lower case, values trimmed.
    public let headers: [(name: String, value: String)]
    /// The subprotocol that the 101 names; must be one of those offered.
    public var acceptedSubprotocol: String?

    /// Makes a request.
    public init(path: String, query: String = "", headers: [(name: String, value: String)]) {
        self.path = path
        self.query = query
        self.headers = headers
    }

    /// The values of a header, in order.
    ///
    /// - Parameter name: In lower case.
    /// - Returns: The values; empty where there is no such header.
    public func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    /// The subprotocols that the client offers, in its order (RFC 6455, 4.1).
    public var offeredSubprotocols: [String] {
        values("sec-websocket-protocol").flatMap { $0.split(separator: ",") }.map { word in
            String(word.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }
}
