import GatewayKit
import GatewayTestKit
import Testing

@testable import Webhook

/// What may stand under `modules.webhook`.
@Suite struct WebhookSettingsTests {
    private func findings(_ text: String) -> [String] {
        SettingsTester.decode(WebhookSettings.self, text).diagnostics.map { "\($0.code.rawValue): \($0.message)" }
    }

    @Test func `its declarations are sound`() {
        #expect(SettingsTester.defects(of: Webhook.self).filter { !$0.contains("has to be given, unless") } == [])
        #expect(Stage.allCases.filter { $0.isServed(by: Webhook.self) } == [.route])
    }

    @Test(arguments: ["{url: http://127.0.0.1:9000/decisions}", "{events_url: https://example.com}", "{url: http://h, cache_ttl: 5s}"])
    func `one URL is all that it needs`(text: String) {
        #expect(findings(text) == [])
    }

    @Test(
        arguments: [
            ("{}", "missing-key: url: has to be given, unless events_url is"),
            ("{url: http://h, actions: []}", "invalid-value: actions: names nothing"),
            ("{url: http://h, topics: []}", "invalid-value: topics: names nothing"),
            ("{url: http://h, events: []}", "invalid-value: events: names nothing"),
            ("{url: http://h, actions: [unsubscribe]}", "unknown-choice: "),
            ("{url: http://h, topics: [\"a.**.b\"]}", "invalid-value: "),
            ("{url: http://h, timeout: 1}", "missing-unit: "), ("{url: http://h, timeout: 31s}", "out-of-range: "),
            ("{url: http://h, cache_ttl: 0s}", "out-of-range: "), ("{url: http://h, max_in_flight: 0}", "out-of-range: "),
            ("{url: http://h, max_answer: 2047B}", "out-of-range: "),
            ("{url: http://h, secret: short}", "weak-secret: secret: has 5 bytes, and needs at least 32"),
            ("{url: http://h, token: \"a b\"}", "invalid-value: token: has a character that no header can carry"),
            ("{url: http://h, uri: http://h}", "unknown-key: "),
        ])
    func `what is wrong is told`(text: String, finding: String) {
        let all = findings(text)
        #expect(all.contains { $0.hasPrefix(finding) }, "\(all)")
    }
}
