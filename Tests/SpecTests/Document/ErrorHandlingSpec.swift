import GatewayTestKit
import Testing

/// What the document's advice on errors relies on.
struct ErrorHandlingSpec {
    // Promise: errors.abnormal
    @Test(arguments: eventLoops, [(1000, 1000), (1001, 1001), (3000, 3000)])
    func `only a normal closure has code 1000`(loops: Int, codes: (sent: Int, answered: Int)) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(frame: .close(UInt16(codes.sent)))
            try await client.expectClose(codes.answered)
            let other = try await gateway.client()
            other.sendBinary([1, 2, 3])
            try await other.expectClose(1003, "unsupported_data")
        }
    }

    // Promise: errors.unauthorized
    @Test(arguments: eventLoops) func `after a 401 the client can authenticate on the same connection`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.publish("chat")
            try await client.expectError(401, "not_authenticated")
            try await client.authenticate(try await gateway.token())
            try await client.publishAcknowledged("chat")
        }
    }

    // Promise: errors.forbidden
    @Test(arguments: eventLoops) func `after a 403 the connection goes on`(loops: Int) async throws {
        try await withGateway("modules: {authorization: {rules: [{allow: [publish], topics: [open]}]}}", loops: loops) { gateway in
            let client = try await gateway.client()
            client.publish("closed")
            let frame = try await client.expectError(403, "forbidden")
            #expect(frame["details"]?["topic"] == "closed")
            try await client.publishAcknowledged("open")
        }
    }

    // Promise: errors.others
    @Test(arguments: eventLoops) func `every other error has a code and a text too, and the connection goes on`(loops: Int) async throws {
        try await withGateway("modules: {rate_limit: {rate: 1/s, burst: 1}}", loops: loops) { gateway in
            let client = try await gateway.client()
            for _ in 0..<2 { client.publish("chat") }
            try await client.expectError(429, "rate_limited")
            client.send("[")
            #expect(try await client.expect("error")["code"] == 400)
            try await client.expectNothingElse()
        }
    }

    // Promise: errors.backoff
    @Test(arguments: eventLoops) func `a client that comes too often gets in again after the time it is told`(loops: Int) async throws {
        try await withGateway("modules: {ip_cap: {connect_rate: 1/s, connect_burst: 2}}", loops: loops) { gateway in
            for _ in 0..<2 { try await gateway.connect().close() }
            let early = try await gateway.open()
            early.requestUpgrade()
            let response = try await early.response()
            #expect(response.status == 429)
            let delay = try #require(response["retry-after"].flatMap { Int($0) })
            gateway.advance(by: .seconds(delay))
            try await gateway.connect().close()
        }
    }
}
