import Dispatch
import GatewayKit
import GatewayServer
import GatewayTestKit
import NIOCore
import Synchronization
import Testing

/// Routes that do what they should not.
struct RouteThreadsSpec {
    @Test func `routes that block their threads hold up neither clients nor modules that wait`() async throws {
        let layer = "pipeline: {http: [blocking], route: [tasking]}"
        try await withGateway(layer, modules: [Blocking.self, Tasking.self]) { gateway in
            defer { Blocking.gate.signal() }
            // More than Swift has threads, and fewer than there are for routes.
            for number in 1...8 {
                let client = try await gateway.open()
                client.sendRaw("GET /blocking HTTP/1.1\r\nHost: localhost\r\n\r\n")
                try await eventually("the route is at work") { Blocking.begun.withLock { $0 } == number }
            }
            let client = try await gateway.client("alice")
            try await client.subscribe("a")
            try await client.publishAcknowledged("b")
        }
    }

    @Test func `the end of the gateway ends routes that listen, before their modules stop`() async throws {
        try await TestGateway.with(PatientRoute.self) { gateway in
            let client = try await gateway.open()
            client.sendRaw("GET /patient HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try await eventually("the route is at work") { PatientRoute.said.withLock { $0 } == ["begun"] }
        }
        #expect(PatientRoute.said.withLock { $0 } == ["begun", "cancelled", "stopped"])
    }
}

/// Blocks the thread that it runs on until the test is over.
private struct Blocking: HTTPModule {
    static let name = "blocking"
    static let summary = "Blocks."
    static let begun = Mutex(0)
    static let gate = DispatchSemaphore(value: 0)

    init(settings: NoSettings, context: ModuleContext) {}

    var routes: [HTTPRoute] {
        [
            HTTPRoute(.get, "/blocking", HTTPOperation("block", "Blocks.", answers: [])) { _ in
                Self.begun.withLock { $0 += 1 }
                Self.block()
                return .text(200, "")
            }
        ]
    }
}

extension Blocking {
    /// Until the test is over; whoever is let through lets the next one through.
    private static func block() {
        gate.wait()
        gate.signal()
    }
}

/// Decides in a task.
private struct Tasking: RouteStage {
    static let name = "tasking"
    static let summary = "Decides in a task."

    init(settings: NoSettings, context: ModuleContext) {}

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let promise = connection.eventLoop.makePromise(of: Verdict<Rejection>.self)
        promise.completeWithTask { .proceed }
        return .later(promise.futureResult)
    }
}

/// Answers when it is cancelled.
private struct PatientRoute: HTTPModule {
    static let name = "patient_route"
    static let summary = "Waits for its end."
    static let said = Mutex<[String]>([])

    init(settings: NoSettings, context: ModuleContext) {}

    func stop() async { Self.said.withLock { $0.append("stopped") } }

    var routes: [HTTPRoute] {
        [
            HTTPRoute(.get, "/patient", HTTPOperation("wait", "Waits.", answers: [])) { _ in
                Self.said.withLock { $0.append("begun") }
                try? await Task.sleep(for: .seconds(86_400))
                Self.said.withLock { $0.append("cancelled") }
                return .text(200, "")
            }
        ]
    }
}
