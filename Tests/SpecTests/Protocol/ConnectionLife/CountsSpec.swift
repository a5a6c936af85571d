import GatewayKit
import GatewayTestKit
import Testing

/// Whatever becomes of a connection, its place is given back exactly once.
struct CountsSpec {
    /// How a connection ends.
    enum Ending: String, CaseIterable, Sendable {
        case closedByClient, refusedByOrigin, resetInHandshake, closedWhileLaterIsPending, droppedBeforeRequest
    }

    // Promise: counts.close, counts.refused, counts.reset, counts.later, counts.released_once
    @Test(arguments: eventLoops, Ending.allCases)
    func `after a thousand connections the counts are back at zero`(loops: Int, ending: Ending) async throws {
        let key = "counts-\(loops)-\(ending)"
        let gate = Gate.named(key)
        let settings = """
            pipeline:
              accept: [ip_cap, counting]
              handshake: \(ending == .closedWhileLaterIsPending ? "[waiting]" : "[origin]")
            modules:
              ip_cap: {max_connections: 40, connect_rate: 100000/s, connect_burst: 100000}
              counting: {gate: \(key)}
              waiting: {gate: \(key), later_timeout: 60s}
              origin: {allow: ["https://app.example"]}
            """
        try await withGateway(settings, loops: loops) { gateway in
            switch ending {
            case .resetInHandshake, .closedWhileLaterIsPending:
                for batch in 1...50 { try await reset(20, of: batch * 20, ending, gateway, gate) }
            case .closedByClient, .refusedByOrigin, .droppedBeforeRequest:
                try await concurrently(0..<1000, width: 4) { _ in try await run(ending, gateway, gate) }
            }
            try await eventually("every place is given back") { gate.counts.released == gate.counts.accepted }
            // What was dropped before it was accepted has never been there.
            #expect(ending == .droppedBeforeRequest ? gate.counts.accepted >= 1 : gate.counts.accepted == 1000)
            try await eventually("no connection is left") { gateway.connectionCount == 0 }
            var clients: [TestClient] = []
            for count in 1...40 {
                let client = try await gateway.open()
                client.requestUpgrade()
                clients.append(client)
                if ending == .closedWhileLaterIsPending {
                    try await eventually("the module is asked") { gate.arrived == 1000 + count }
                } else {
                    #expect(try await client.response().status == 101)
                }
            }
            #expect(try await gateway.upgrade().status == 429)
            #expect(gate.counts.accepted - gate.counts.released == 40)
            gate.open()
        }
    }

    /// Opens connections, waits until the accept stage has let in `total` of them since the start, and resets them.
    private func reset(_ count: Int, of total: Int, _ ending: Ending, _ gateway: TestGateway, _ gate: Gate) async throws {
        var clients: [TestClient] = []
        for _ in 0..<count {
            let client = try await gateway.open()
            clients.append(client)
            if ending == .resetInHandshake {
                try await client.deliverRaw(Array("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgra".utf8))
            } else {
                client.requestUpgrade()
            }
        }
        try await eventually("all are accepted") { gate.counts.accepted == total }
        if ending == .closedWhileLaterIsPending { try await eventually("the module is asked") { gate.arrived == total } }
        for client in clients { await client.reset() }
        try await eventually("their places are given back") { gate.counts.released == total }
        gate.open()
    }

    private func run(_ ending: Ending, _ gateway: TestGateway, _ gate: Gate) async throws {
        let client = try await gateway.open()
        switch ending {
        case .closedByClient:
            client.requestUpgrade()
            #expect(try await client.response().status == 101)
            try await client.close()
        case .refusedByOrigin:
            client.requestUpgrade(headers: [("Origin", "https://evil.example")])
            #expect(try await client.response().status == 403)
            try await client.expectEnd()
        case .droppedBeforeRequest: await client.drop()
        case .resetInHandshake, .closedWhileLaterIsPending: await client.reset()
        }
    }

    // Promise: counts.later_then_gone
    @Test(arguments: eventLoops) func `an accept verdict that comes after the client has gone gives the place back`(loops: Int) async throws
    {
        let (waiting, counting) = (Gate.named("accept-later-\(loops)"), Gate.named("accept-count-\(loops)"))
        let settings = """
            pipeline: {accept: [counting, waiting]}
            modules:
              counting: {gate: accept-count-\(loops)}
              waiting: {gate: accept-later-\(loops), later_timeout: 60s}
            """
        try await withGateway(settings, loops: loops) { gateway in
            for round in 1...20 {
                let client = try await gateway.open()
                client.requestUpgrade()
                try await eventually("the module is asked") { waiting.arrived == round }
                await client.reset()
            }
            try await eventually("the sockets are gone") { gateway.connectionCount == 0 }
            waiting.open()
            try await eventually("every place is given back") { counting.counts.released == 20 }
            #expect(counting.counts.accepted == 20)
        }
    }

    // Promise: counts.released_once
    @Test(arguments: eventLoops, [true, false])
    func `an accept verdict that comes too late gives the place back, once`(loops: Int, isServed: Bool) async throws {
        let key = "accept-late-\(loops)-\(isServed)"
        let gate = Gate.named(key)
        let settings = """
            pipeline: {accept: [waiting]}
            modules: {waiting: {gate: \(key), later_timeout: 2s, on_error: \(isServed ? "proceed" : "refuse")}}
            """
        try await withGateway(settings, loops: loops) { gateway in
            let client = try await gateway.open()
            client.requestUpgrade()
            try await eventually("the module is asked") { gate.arrived == 1 }
            gateway.advance(by: .milliseconds(2_100))
            #expect(try await client.response().status == (isServed ? 101 : 503))
            gate.open()
            try await eventually("the place is given back") { gate.counts == (1, 1) }
            await client.reset()
            try await eventually("the connection is gone") { gateway.connectionCount == 0 }
            #expect(gate.counts == (1, 1))
        }
    }
}
