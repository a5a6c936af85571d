import GatewayAdmin
import GatewayKit
import GatewayServer
import GatewayTestKit
import NIOCore
import Testing

/// Runs `body` against a gateway, with the routes of its admin listener at hand.
func withAdmin(_ layer: String = "", loops: Int = 1, _ body: (TestGateway, AdminCaller) async throws -> Void) async throws {
    let file = """
        version: 1
        server: {host: 127.0.0.1, port: 0, event_loops: \(loops), ping_interval: 12h, ping_timeout: 24h}
        limits: {max_strikes: 1000000}
        pipeline: {auth: [by_name], route: [picky], deliver: [choosy], pubsub: loopback}
        profiles:
          test:
        \(layer.isEmpty ? "    {}" : layer.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        """
    try await TestGateway.with(TestConfiguration(file: file, profile: "test"), modules: adminModules) { gateway in
        try await body(gateway, AdminCaller(gateway))
    }
}

extension TestGateway {
    /// A client that has authenticated.
    func client(_ user: String) async throws -> TestClient {
        let client = try await connect()
        try await client.authenticate("user \(user)")
        return client
    }
}

/// Calls the admin routes as the listener does, without its socket.
struct AdminCaller: Sendable {
    let routes: [HTTPRoute]
    let threshold = LogThreshold(.info)
    let registry = MetricRegistry()
    let revoked = Revoked()

    init(_ gateway: TestGateway) {
        routes = AdminRoutes.make(
            gateway: gateway.gateway, logThreshold: threshold, metrics: registry,
            openAPI: { ByteBuffer(string: #"{"openapi":"3.1.0"}"#) }, revoke: { [revoked] in await revoked.add($0) })
    }

    /// Finds the route and asks it; a refusal is answered as the listener answers it.
    func call(_ method: HTTPMethod, _ target: String, _ body: JSON? = nil) async throws -> AdminAnswer {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        for route in routes where route.method == method {
            guard let parameters = Self.parameters(of: parts[0], route.path) else { continue }
            let request = HTTPRequest(
                method: method.rawValue, path: parts[0], query: parts.count > 1 ? parts[1] : "",
                body: ByteBuffer(string: body?.text ?? ""), parameters: parameters, address: try #require(ClientAddress("127.0.0.1")))
            do {
                return AdminAnswer(try await route.answer(request))
            } catch let refusal as HTTPRefusal {
                return AdminAnswer(.failure(refusal))
            } catch let rejection as Rejection {
                return AdminAnswer(.failure(HTTPRefusal(rejection)))
            }
        }
        throw Unmet(what: "there is no route \(method.rawValue) \(target)")
    }

    /// The value of one series; nil where it is not told.
    func metric(_ series: String) async throws -> Double? {
        let lines = try await call(.get, "/metrics").text.split(separator: "\n")
        return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    private static func parameters(of path: String, _ pattern: HTTPPath) -> [String: String]? {
        let segments = path.split(separator: "/").map(String.init)
        guard segments.count == pattern.segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, wanted) in zip(segments, pattern.segments) {
            switch wanted {
            case .word(let word): if word != segment { return nil }
            case .parameter(let name): parameters[name] = segment
            }
        }
        return parameters
    }
}

/// What a route answered.
struct AdminAnswer: Sendable {
    let status: Int
    let contentType: String?
    let text: String

    init(_ response: HTTPResponse) {
        status = response.status
        contentType = response.headers.first { $0.name == "Content-Type" }?.value
        text = String(buffer: response.body)
    }

    var json: JSON { (try? JSON(parsing: text)) ?? .null }
    /// What stands under `data` of a success.
    var data: JSON? { json["success"] == true ? json["data"] : nil }
    /// What stands under `error.details` of a failure.
    var details: JSON? { json["success"] == false ? json["error"]?["details"] : nil }
}

/// Takes down what is revoked.
actor Revoked {
    private(set) var all: [Revocation] = []

    /// As if each had ended as many connections as there were revocations.
    func add(_ revocation: Revocation) -> Int {
        all.append(revocation)
        return all.count
    }
}
