import GatewayKit
import GatewayTestKit
import NIOCore
import NIOPosix

/// Answers HTTP, in one way for each thing that a test looks at.
struct Web: HTTPModule {
    static let name = "web"
    static let summary = "Answers HTTP for tests."
    private let gate: Gate
    private let publisher: any EventPublisher

    init(settings: GateSettings, context: ModuleContext) {
        gate = Gate.named(settings.gate)
        publisher = context.publisher
    }

    var routes: [HTTPRoute] {
        [
            route(.get, "/hello") { _ in .text(200, "hello") },
            route(.post, "/hello") { request in .text(201, "posted \(request.body.readableBytes)") },
            route(.post, "/echo", body: .any) { request in .json(200, request.body) },
            route(.get, "/items/<id>") { request in .text(200, request.parameters["id"] ?? "none") },
            route(.get, "/items/first") { _ in .text(200, "the first") },
            route(.get, "/address") { request in .text(200, "\(request.address)") },
            route(.get, "/who", authentication: .bearer) { request in .text(200, request.principal?.userID ?? "nobody") },
            route(.get, "/keyed", authentication: .apiKey(Secret("a key of some length, for tests"))) { _ in .text(200, "opened") },
            route(.get, "/fault") { _ in throw Fault() },
            route(.get, "/injected") { _ in HTTPResponse(status: 200, headers: [("X-Text", "a\r\nX-Other: b")]) },
            route(.get, "/wait") { [gate] _ in
                try await gate.wait(on: MultiThreadedEventLoopGroup.singleton.next()).get()
                return .text(200, "waited")
            },
            route(.post, "/publish", authentication: .bearer, body: .any) { [publisher] request in
                let event = Event(
                    topic: try Topic("news.today"), otherTopics: [try Topic("news")],
                    message: Message(data: request.body, metadata: ByteBuffer(), eventType: ByteBuffer(string: "news.posted")),
                    sender: Sender(userID: request.principal?.userID, connection: nil))
                try await publisher.ingest(event, by: request.principal, from: request.address)
                return .text(202, "taken")
            },
        ]
    }

    private struct Fault: Error {}

    private func route(
        _ method: HTTPMethod, _ path: HTTPPath, authentication: HTTPAuthentication = .none, body: HTTPSchema? = nil,
        answer: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) -> HTTPRoute {
        let id = "\(method.rawValue)\(path)"
        return HTTPRoute(
            method, path, authentication: authentication, HTTPOperation(id, "For tests.", body: body, answers: [.init(200, "Fine.")]),
            answer: answer)
    }
}

/// Lays the module into the pipeline.
func web(gate: String = "") -> String {
    """
    pipeline: {http: [web]}
    modules: {web: {gate: "\(gate)"}}
    """
}

extension TestClient {
    /// Sends a request of HTTP/1.1 and waits for its answer.
    func request(_ method: String, _ path: String, _ headers: [(String, String)] = [], body: String? = nil) async throws -> TestResponse {
        let length = body.map { [("Content-Length", "\($0.utf8.count)"), ("Content-Type", "application/json")] } ?? []
        let added = length.filter { line in !headers.contains { $0.0 == line.0 } }
        let lines = ([("Host", "localhost")] + headers + added).map { "\($0.0): \($0.1)\r\n" }
        sendRaw("\(method) \(path) HTTP/1.1\r\n\(lines.joined())\r\n\(body ?? "")")
        return try await response()
    }
}
