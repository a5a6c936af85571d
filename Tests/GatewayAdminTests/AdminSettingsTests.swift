import GatewayKit
import GatewayServer
import GatewayTestKit
import Testing

struct AdminSettingsTests {
    private static let token = String(repeating: "t", count: 32)

    private func codes(_ text: String) -> [DiagnosticCode] {
        SettingsTester.decode(AdminSettings.self, text).diagnostics.filter { $0.severity == .error }.map(\.code)
    }

    @Test(arguments: [
        "{}", "{host: localhost}", "{host: \"::1\"}", "{host: 127.1.2.3}", "{token: \"\"}", "{host: 0.0.0.0, token: \(token)}",
        "{socket: null}", "{socket: /run/gateway.sock}", "{enabled: false, host: 0.0.0.0}",
    ])
    func `is right`(text: String) { #expect(codes(text) == []) }

    @Test(arguments: ["{host: 0.0.0.0}", "{host: \"::\", token: \"\"}", "{host: admin.example}"])
    func `no token on an address that others reach is an error`(text: String) { #expect(codes(text) == [.missingKey]) }

    @Test func `a short token is weak`() { #expect(codes("{token: \(Self.token.dropLast())}") == [.weakSecret]) }

    @Test func `a socket path over 100 bytes is out of range`() {
        #expect(codes("{socket: /\(String(repeating: "s", count: 99))}") == [])
        #expect(codes("{socket: /\(String(repeating: "s", count: 100))}") == [.outOfRange])
    }

    @Test func `null is no socket`() throws {
        #expect(try SettingsTester.settings(AdminSettings.self, "{socket: null}").socket == nil)
    }
}
