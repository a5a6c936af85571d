import GatewayKit
import GatewayServer
import GatewayTestKit
import Testing

/// `server.host`.
@Suite struct ServerHostTests {
    @Test(arguments: ["0.0.0.0", "localhost", "gateway-1.example.com", "::", "fe80::1%eth0", "my_host", "3com"])
    func `an address or a name is taken`(_ host: String) throws {
        #expect(try SettingsTester.settings(ServerSettings.self, "{host: \"\(host)\"}").host == host)
    }

    @Test(
        arguments: [
            ("*", "0.0.0.0 is every address"), ("localhost:3000", "{host: localhost, port: 3000}"), ("[::1]", "without brackets: \"::1\""),
            ("127.0.0.1:80", "{host: 127.0.0.1, port: 80}"), ("", "0.0.0.0"), ("3000", "0.0.0.0"), ("256.0.0.1", "0.0.0.0"),
            ("http://localhost", "0.0.0.0"), ("::x", "0.0.0.0"),
        ])
    func `anything else is an error with its cure`(_ host: String, _ help: String) throws {
        let finding = try #require(SettingsTester.decode(ServerSettings.self, "{host: \"\(host)\"}").diagnostics.first)
        #expect(finding.code == .invalidValue)
        #expect(finding.help?.contains(help) == true)
    }
}
