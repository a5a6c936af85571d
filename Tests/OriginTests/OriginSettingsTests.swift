import GatewayKit
import GatewayTestKit
import OriginModule
import Testing

struct OriginSettingsTests {
    @Test(arguments: [
        ("https://app.example.com/", "write https://app.example.com"),
        ("https://app.example.com/chat?x#y", "write https://app.example.com"),
        ("https://*.example.com/", "write https://*.example.com"), ("app.example.com", "write https://app.example.com"),
        ("\"*.example.com\"", "write https://*.example.com"), ("localhost:3000", "write http://localhost:3000"),
        ("wss://app.example.com/ws", "write https://app.example.com"), ("ws://localhost:3000", "write http://localhost:3000"),
        ("://app.example.com", "write https://app.example.com"), ("https://u:p@app.example.com", "write https://app.example.com"),
    ])
    func `an entry that is nearly right comes back with the text to write`(entry: String, help: String) {
        let (settings, diagnostics) = SettingsTester.decode(OriginSettings.self, "{allow: [\(entry)]}")
        #expect(settings == nil)
        #expect(diagnostics.map(\.code) == [.invalidValue])
        #expect(diagnostics.map(\.help) == [help])
    }

    @Test(arguments: [
        "https://*", "https://app.*.com", "https://bücher.example", "https://app.example.com:0", "https://app.example.com:x", "https://",
        "https://a..b", "\"\"", "\"https://[1.2.3.4]\"", "1https://a.b", "\"https://*.[::1]\"",
    ])
    func `an entry that is no origin is an error with an example`(entry: String) {
        let diagnostics = SettingsTester.decode(OriginSettings.self, "{allow: [\(entry)]}").diagnostics
        #expect(diagnostics.map(\.code) == [.invalidValue])
        #expect(diagnostics.first?.help?.contains("write ") == true)
    }

    @Test func `a null without quotes is told apart from the origin null`() {
        let diagnostics = SettingsTester.decode(OriginSettings.self, "{allow: [null]}").diagnostics
        #expect(diagnostics.map(\.code) == [.wrongType])
        #expect(diagnostics.first?.help == "write \"null\", in quotes, for pages without an origin")
    }

    @Test func `every bad entry is reported, with its place in the list`() {
        let diagnostics = SettingsTester.decode(OriginSettings.self, "{allow: [https://a.b, c.d, https://e.f/]}").diagnostics
        #expect(diagnostics.map { String($0.message.prefix(8)) } == ["allow[1]", "allow[2]"])
    }

    @Test(arguments: [
        ("https://APP.example.com:443", "\"https://app.example.com\""), ("http://a.b:8080", "\"http://a.b:8080\""),
        ("\"https://*.Example.com\"", "\"https://*.example.com\""), ("capacitor://localhost", "\"capacitor://localhost\""),
        ("\"*\"", "\"*\""),
        ("\"null\"", "\"null\""),
    ])
    func `an entry is shown in its shortest form`(entry: String, text: String) throws {
        let settings = try SettingsTester.settings(OriginSettings.self, "{allow: [\(entry)]}")
        #expect(settings.allow.map(\.settingText) == [text])
    }
}
