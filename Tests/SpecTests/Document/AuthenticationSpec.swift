import GatewayTestKit
import Testing

/// What the document says about authentication over the socket.
struct AuthenticationSpec {
    // Promise: authentication.required_subscribe
    @Test(arguments: eventLoops) func `subscribing needs authentication`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "subscribe", "topic": "chat"])
            try await client.expectError(401, "not_authenticated")
        }
    }

    // Promise: authentication.required_publish, client.publish_auth
    @Test(arguments: eventLoops) func `publishing needs authentication`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let reader = try await gateway.client("reader")
            try await reader.subscribe("chat")
            let client = try await gateway.connect()
            client.publish("chat", "from nobody")
            try await client.expectError(401, "not_authenticated")
            try await gateway.expectNothingElse(reader)
        }
    }

    // Promise: authentication.flow, types.auth, types.auth_success
    @Test(arguments: eventLoops) func `connect, authenticate, hear of it, go on`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": .string(try await gateway.token())])
            try await client.expect("auth_success")
            try await client.subscribe("chat")
            client.publish("chat", "here I am")
            try await client.expectMessage("chat", "here I am")
        }
    }

    // Promise: authentication.success
    @Test(arguments: eventLoops) func `success names the user and the time, and nothing else`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": .string(try await gateway.token("user-7"))])
            let text = try await client.text()
            let frame = try JSON(parsing: text)
            #expect(frame["userId"] == "user-7")
            #expect(Set(frame.members?.keys.map { $0 } ?? []) == ["type", "userId", "timestamp"])
            #expect(text.hasPrefix(#"{"type":"auth_success","userId":"user-7","timestamp":""#))
        }
    }

    // Promise: authentication.error, types.auth_error
    @Test(arguments: eventLoops) func `a bad token is answered with auth_error 401`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..."])
            let frame = try await client.expect("auth_error")
            #expect(frame["message"] == "Invalid token")
            #expect(frame["code"] == 401)
            #expect(frame["timestamp"] != nil)
        }
    }
}
