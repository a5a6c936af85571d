import Crypto
import Foundation
import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import Webhook

/// Who the gateway is to the back end, and that nobody else learns it.
@Suite struct SecrecyTests {
    private let secret = "0123456789abcdef0123456789abcdef"

    @Test func `requests carry the token, and a signature of their bodies`() async throws {
        let settings = "token: t0ken-of-the-gateway, secret: \(secret)"
        try await withWebhook(settings) { gateway, server in
            let client = try await gateway.client()
            try await client.publishAcknowledged("orders", "über")
            let request = try #require(server.requests.first)
            #expect(request.headers["authorization"] == "Bearer t0ken-of-the-gateway")
            let signature = HMAC<SHA256>.authenticationCode(for: Data(request.body.utf8), using: SymmetricKey(data: Data(secret.utf8)))
            #expect(request.headers["x-gateway-signature"] == "sha256=" + signature.map { String(format: "%02x", $0) }.joined())
        }
    }

    @Test func `without them it carries neither`() async throws {
        try await withWebhook(#"token: "", secret: """#) { gateway, server in
            try await gateway.client().publishAcknowledged("orders")
            let headers = server.requests.first?.headers
            #expect(headers?["authorization"] == nil && headers?["x-gateway-signature"] == nil)
        }
    }

    @Test func `no log line has a token, a secret, the query of a URL, or data`() async throws {
        try await BackEndServer.with({ _ in .status(500) }) { server in
            let settings = """
                {url: "\(server.url("/decisions?key=q-secret"))", events_url: "\(server.url("/events?key=q-secret"))", event_attempts: 1,
                token: t0ken-of-the-gateway, secret: \(secret), timeout: 30s, later_timeout: 60s}
                """
            let log = try await TestGateway.with(Webhook.self, settings.replacing("\n", with: " "), over: .memory) { gateway in
                let client = try await gateway.client(#"{"sub":"alice","tenant":"client-token"}"#)
                for _ in 1...12 {
                    client.publish("orders", "confidential")
                    try await client.expect("error")
                }
                await server.stop()
                gateway.advance(by: .seconds(6))
                client.publish("orders", "confidential")
                try await client.expectError(500, "internal")
                try await eventually("events are lost") { gateway.log.text.contains("connection events lost") }
                await gateway.stop()
                return gateway.log.text
            }
            for word in ["t0ken", secret, "q-secret", "confidential", "client-token"] { #expect(!log.contains(word), "\(word)") }
            #expect(log.contains("the back end answered 500"))
        }
    }

    @Test func `settings show no secret`() throws {
        let settings = try SettingsTester.settings(
            WebhookSettings.self, "{url: \"https://h/p?key=q-secret\", token: t0ken, secret: \(secret), events_url: http://h}")
        for text in [settings.settingText, String(describing: settings), String(reflecting: settings)] {
            #expect(!text.contains("q-secret") && !text.contains("t0ken") && !text.contains(secret))
        }
    }
}
