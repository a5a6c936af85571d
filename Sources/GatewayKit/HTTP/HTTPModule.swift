/// Answers HTTP requests on `server.port`, beside the WebSocket endpoint.
///
/// Stands in `pipeline.http`. The core reads the request whole, checks its method, size, content type and token as the route says,
/// and only then calls the route.
public protocol HTTPModule: Module {
    /// What the module answers; asked once, after ``Module/init(settings:context:)``.
    var routes: [HTTPRoute] { get }
}

/// One method at one path, with what answers it and what the core checks before.
public struct HTTPRoute: Sendable {
    /// The method; `GET` answers `HEAD` too.
    public let method: HTTPMethod
    /// The path.
    public let path: HTTPPath
    /// Who may call it.
    public let authentication: HTTPAuthentication
    /// What it is, for people and for the OpenAPI description.
    public let operation: HTTPOperation
    /// Answers a request.
    ///
    /// Runs off the event loops. An ``HTTPRefusal`` or ``Rejection`` that it throws is told to the client; any other error is a 500.
    public let answer: @Sendable (HTTPRequest) async throws -> HTTPResponse
    /// The instance of the module that answers; nil for the core.
    package private(set) var module: String?

    /// Makes a route.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path.
    ///   - authentication: Who may call it.
    ///   - operation: What it is, for people and for the OpenAPI description.
    ///   - answer: Answers a request.
    public init(
        _ method: HTTPMethod, _ path: HTTPPath, authentication: HTTPAuthentication = .none, _ operation: HTTPOperation,
        answer: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) {
        self.method = method
        self.path = path
        self.authentication = authentication
        self.operation = operation
        self.answer = answer
    }

    /// The same route, with the name of the module instance that answers.
    package func of(_ module: String) -> HTTPRoute {
        var route = self
        route.module = module
        return route
    }
}

/// The methods that a route can have.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable, SettingValue {
    /// Read.
    case get = "GET"
    /// Create, or do.
    case post = "POST"
    /// Put in place.
    case put = "PUT"
    /// Change a part.
    case patch = "PATCH"
    /// Remove.
    case delete = "DELETE"
}

/// Who may call a route.
public enum HTTPAuthentication: Sendable {
    /// Everybody.
    case none
    /// Who has a token that the auth stage accepts: `Authorization: Bearer TOKEN`; else 401.
    case bearer
    /// Who has the key: `X-API-Key: KEY`, compared in constant time; else 401.
    case apiKey(Secret)
}
