import GatewayKit
import GatewayServer
import GatewayTestKit
import Synchronization
import Testing

/// A route that never answers.
struct HangingRouteSpec {
    @Test func `it is given up and told so, and its module stops with the next reload`() async throws {
        let layer = "pipeline: {http: [hanging]}"
        try await withGateway(layer, modules: [Hanging.self]) { gateway in
            let client = try await gateway.open()
            client.sendRaw("GET /hanging HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the route is at work") { Hanging.state.withLock { $0.begun } == 1 }
            gateway.advance(by: .seconds(31))
            #expect(try await client.response().status == 503)
            try await eventually("the route is told") { Hanging.state.withLock { $0.cancelled } == 1 }
            #expect(gateway.log.lines.contains { $0.message.contains("given up") && $0.fields["module"] == "hanging" })
            let failures = try #require(try await gateway.gateway.metrics().first { $0.name == "gateway_verdicts_failed_total" })
            #expect(failures.samples.map { $0.labels.map(\.value) } == [["http", "hanging", "timeout"]])
            try await gateway.reload(TestConfiguration([layer]))
            try await eventually("the module stops") { Hanging.state.withLock { $0.stopped } == 1 }
        }
    }
}

private struct Hanging: HTTPModule {
    static let name = "hanging"
    static let summary = "Never answers."
    static let state = Mutex((begun: 0, cancelled: 0, stopped: 0))

    init(settings: NoSettings, context: ModuleContext) {}

    func stop() async { Self.state.withLock { $0.stopped += 1 } }

    var routes: [HTTPRoute] {
        [
            HTTPRoute(.get, "/hanging", HTTPOperation("hang", "Never answers.", answers: [])) { _ in
                Self.state.withLock { $0.begun += 1 }
                do {
                    try await Task.sleep(for: .seconds(86_400))
                } catch {
                    Self.state.withLock { $0.cancelled += 1 }
                    throw error
                }
                return .text(200, "")
            }
        ]
    }
}
