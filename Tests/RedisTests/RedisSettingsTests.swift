import GatewayKit
import GatewayTestKit
import RedisModule
import Testing

struct RedisSettingsTests {
    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: Redis.self) == [])
    }

    @Test(arguments: ["gateway", "a", "prod.eu-1", "g*?[]\\\\", "\(String(repeating: "a", count: 64))"])
    func `a prefix is a word`(prefix: String) throws {
        #expect(try !SettingsTester.settings(RedisSettings.self, "{prefix: \"\(prefix)\"}").prefix.isEmpty)
    }

    @Test(arguments: ["", " ", "a b", "ü", "prod:eu", "a@1", "\(String(repeating: "a", count: 65))"])
    func `any other prefix is refused with an example`(prefix: String) {
        let (_, findings) = SettingsTester.decode(RedisSettings.self, "{prefix: \"\(prefix)\"}")
        #expect(findings.contains { $0.severity == .error && $0.message.contains("1 to 64 printable characters") })
    }

    @Test(arguments: [
        "wildcard_prefix_segments: 5", "wildcard_prefix_segments: -1", "max_patterns: 0", "max_patterns: 100001", "max_pending: 1KiB",
        "max_pending: 2GiB", "connect_timeout: 99ms", "probe_interval: 49ms", "probe_interval: 11s", "probe_timeout: 99ms",
        "on_outage: drop", "url: localhost",
    ])
    func `what is out of range is refused`(setting: String) {
        #expect(throws: Diagnostic.self) { try SettingsTester.settings(RedisSettings.self, "{\(setting)}") }
    }

    @Test func `authorities that cannot be read are told at the start`() throws {
        let tester = ModuleTester()
        let error = #expect(throws: ModuleError.self) {
            try tester.make(Redis.self, "{url: \"rediss://cache\", tls_authorities: /nowhere/authorities.pem}")
        }
        #expect(error?.setting == "tls_authorities")
        #expect(throws: Never.self) { try tester.make(Redis.self, "{url: \"redis://cache\", tls_authorities: /nowhere/authorities.pem}") }
    }
}
