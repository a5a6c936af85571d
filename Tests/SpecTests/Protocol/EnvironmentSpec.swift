import GatewayTestKit
import Testing

/// The document's variables beside the file.
struct EnvironmentSpec {
    private func startFails(_ name: String, _ value: String) async -> String? {
        do {
            try await withGateway(environment: [name: value]) { _ in }
            return nil
        } catch {
            return "\(error)"
        }
    }

    // Promise: environment.wins
    @Test func `a variable wins over the file`() async throws {
        try await withGateway("server: {max_message_size: 4KiB}", environment: ["WEBSOCKET_MAX_MESSAGE_SIZE": "8192"]) { gateway in
            let client = try await gateway.client()
            client.send(String(repeating: " ", count: 8192))
            try await client.expectError(400, "invalid_json")
        }
    }

    // Promise: environment.bad
    @Test(
        arguments: [
            ("WEBSOCKET_ENABLED", "yes"), ("WEBSOCKET_PORT", "70000"), ("WEBSOCKET_PORT", "80x"), ("WEBSOCKET_PING_INTERVAL", "30s"),
            ("WEBSOCKET_PING_TIMEOUT", "-1"), ("WEBSOCKET_MAX_CONNECTIONS_PER_IP", "many"), ("WEBSOCKET_MAX_MESSAGE_SIZE", "1MB"),
            ("PUBSUB_ADAPTER", "kafka"),
        ])
    func `a value that does not parse stops the start and names the variable`(variable: (name: String, value: String)) async throws {
        let error = try #require(await startFails(variable.name, variable.value))
        #expect(error.contains(variable.name))
    }

    // Promise: environment.comment
    @Test(
        arguments: [
            ("WEBSOCKET_PING_INTERVAL", "30000          # 30 seconds"), ("WEBSOCKET_MAX_MESSAGE_SIZE", "1048576     # 1 MB"),
            ("WEBSOCKET_MAX_CONNECTIONS_PER_IP", "100   # Per IP limit"), ("PUBSUB_ADAPTER", "memory                   # or 'redis'"),
        ])
    func `a comment that became part of the value is named as the cause`(variable: (name: String, value: String)) async throws {
        let error = try #require(await startFails(variable.name, variable.value))
        #expect(error.contains(variable.name))
        #expect(error.contains("comment"))
    }
}
