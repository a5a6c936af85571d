public import NIOCore

/// One HTTP request, read whole and checked as its route says.
public struct HTTPRequest: Sendable {
    /// The method as it came; `HEAD` where a `GET` route is asked for the head alone.
    public let method: String
    /// The path as it came, not percent-decoded.
    public let path: String
    /// The query without the question mark; empty where there is none.
    public let query: String
    /// Header lines as they came: names in lower case, values trimmed.
    public let headers: [(name: String, value: String)]
    /// The body; empty where there is none.
    public let body: ByteBuffer
    /// The route's parameters by name, percent-decoded.
    public let parameters: [String: String]
    /// The client's address: the peer's, or what a trusted proxy said.
    public let address: ClientAddress
    /// Whose token came with it; nil where the route asks for none.
    public let principal: Principal?

    /// Makes a request.
    public init(
        method: String, path: String, query: String = "", headers: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer(),
        parameters: [String: String] = [:], address: ClientAddress, principal: Principal? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.parameters = parameters
        self.address = address
        self.principal = principal
    }

    /// The value of the first line of a header.
    ///
    /// - Parameter name: In lower case.
    /// - Returns: nil where there is no such header.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body as a JSON object.
    ///
    /// - Returns: The object.
    /// - Throws: ``HTTPRefusal`` with status 400 where it is none.
    public func object() throws(HTTPRefusal) -> JSONObject {
        do {
            return try JSONObject(checking: body)
        } catch {
            throw switch error {
            case .malformed: HTTPRefusal(status: 400, .invalidJSON, "The body is not valid JSON")
            case .notObject: HTTPRefusal(status: 400, .invalidFrame, "The body is not a JSON object")
            case .duplicateKey: HTTPRefusal(status: 400, .duplicateKey, "The body has a key twice")
            case .tooDeep: HTTPRefusal(status: 400, .tooDeep, "The body has more than 31 levels of brackets")
            }
        }
    }
}
