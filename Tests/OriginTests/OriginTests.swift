import GatewayKit
import GatewayTestKit
import OriginModule
import Testing

struct OriginTests {
    private let tester = ModuleTester()
    private let list = #"{allow: [https://app.example.com, http://localhost:5173, "https://*.example.org", "http://[2001:DB8::1]:8080"]}"#

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: Origin.self) == [])
    }

    @Test(arguments: ["https://anything.example", "null", "no origin at all"])
    func `the default lets every page in`(origin: String) throws {
        #expect(try handshake("{}", origin).proceeds)
    }

    @Test(arguments: ["{}", "{allow: []}", "{allow: [https://app.example.com]}"])
    func `a request without an origin passes`(settings: String) throws {
        #expect(try handshake(settings).proceeds)
    }

    @Test(arguments: [
        "https://app.example.com", "https://app.example.com:443", "HTTPS://App.Example.COM", "http://localhost:5173",
        "https://a.example.org", "https://a.b.example.org", "http://[2001:db8:0::1]:8080",
    ])
    func `an origin of the list passes`(origin: String) throws {
        #expect(try handshake(list, origin).proceeds)
    }

    @Test(arguments: [
        "http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil.example", "https://evilapp.example.com",
        "https://example.com", "https://app.example.co", "https://localhost:5173", "http://localhost", "https://example.org",
        "https://evilexample.org", "https://.example.org", "https://a..example.org", "https://a.example.org:444", "http://a.example.org",
        "https://user@app.example.com", "https://app.example.com/", "https://app.example.com https://a.example.org",
        "https://app.example.com, https://a.example.org", "https://app.example.com\u{301}", "null", "", "https://", "app.example.com",
        "https://app.example.com:", "https://app.example.com:99999999999999999999", "https://[::1", "https://[]", "https://*.example.org",
    ])
    func `any other origin is refused`(origin: String) throws {
        let refusal = try handshake(list, origin).refusal
        #expect(refusal?.status == 403)
        #expect(refusal?.reason == .forbidden)
    }

    @Test func `a page without an origin of its own passes where null is listed`() throws {
        #expect(try handshake("{allow: [\"null\"]}", "null").proceeds)
        #expect(!(try handshake("{allow: [\"null\"]}", "https://app.example.com").proceeds))
    }

    @Test(arguments: ["{}", "{allow: [https://app.example.com]}"])
    func `two origins are refused, whatever they are`(settings: String) throws {
        #expect(try handshake(settings, "https://app.example.com", "https://app.example.com").refusal?.status == 403)
    }

    private func handshake(_ settings: String, _ origins: String...) throws -> Verdict<HTTPRefusal> {
        let module = try tester.make(Origin.self, settings)
        var request = UpgradeRequest(path: "/ws", headers: [("host", "app.example.com")] + origins.map { ("origin", $0) })
        return module.handshake(&request, tester.connect().connection)
    }
}
