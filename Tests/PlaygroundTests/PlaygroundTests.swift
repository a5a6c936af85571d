import Crypto
import Foundation
import GatewayKit
import GatewayTestKit
import NIOCore
import PlaygroundModule
import Testing

struct PlaygroundTests {
    private let tester = ModuleTester()

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: Playground.self) == [])
    }

    @Test func `it answers GET at the root, to everybody`() throws {
        let route = try #require(tester.make(Playground.self).routes.first)
        #expect(route.method == .get)
        #expect(route.path == "/")
        guard case .none = route.authentication else { return #expect(Bool(false), "somebody has to log in to see where to log in") }
    }

    @Test func `the page is one HTML document`() async throws {
        let response = try await response()
        #expect(response.status == 200)
        #expect(header("Content-Type", of: response) == "text/html; charset=utf-8")
        let html = String(buffer: response.body)
        #expect(html.hasPrefix("<!doctype html>"))
        #expect(html.hasSuffix("</html>\n"))
    }

    @Test func `a browser guesses no type, tells no address and keeps no old page`() async throws {
        let response = try await response()
        #expect(header("X-Content-Type-Options", of: response) == "nosniff")
        #expect(header("Referrer-Policy", of: response) == "no-referrer")
        #expect(header("Cache-Control", of: response) == "no-cache")
    }

    @Test(arguments: ["script", "style"])
    func `the policy names the page's own script and style by their hashes, and no other`(element: String) async throws {
        let response = try await response()
        let html = String(buffer: response.body)
        #expect(html.components(separatedBy: "<\(element)").count == 2)
        let content = try #require(html.components(separatedBy: "<\(element)>").last?.components(separatedBy: "</\(element)>").first)
        let hash = Data(SHA256.hash(data: Data(content.utf8))).base64EncodedString()
        #expect(policy(of: response).contains("\(element)-src 'sha256-\(hash)'"))
    }

    @Test func `the policy allows nothing else but to talk to the gateway`() async throws {
        let directives = policy(of: try await response()).filter { !$0.hasPrefix("script-src") && !$0.hasPrefix("style-src") }
        #expect(
            directives == [
                "default-src 'none'", "img-src data:", "connect-src 'self' ws: wss:", "base-uri 'none'", "form-action 'none'",
                "frame-ancestors 'none'",
            ])
    }

    @Test func `the page loads nothing, and makes no markup of what comes from outside`() async throws {
        let html = String(buffer: try await response().body).replacing("xmlns='http://www.w3.org/2000/svg'", with: "")
        for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://", " src=", " style="] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test(arguments: [("/ws", "/ws"), ("/socket/v1", "/socket/v1"), ("/\"<&", "/&quot;&lt;&amp;")])
    func `the page connects to the gateway's endpoint`(path: String, attribute: String) async throws {
        let html = String(buffer: try await response(ModuleTester(endpoint: path)).body)
        #expect(html.contains(#"<html lang="en" data-endpoint="\#(attribute)">"#))
    }

    private func response(_ tester: ModuleTester = ModuleTester()) async throws -> HTTPResponse {
        let route = try #require(tester.make(Playground.self).routes.first)
        let address = try #require(ClientAddress("127.0.0.1"))
        return try await route.answer(HTTPRequest(method: "GET", path: "/", address: address))
    }

    private func header(_ name: String, of response: HTTPResponse) -> String? { response.headers.first { $0.name == name }?.value }

    private func policy(of response: HTTPResponse) -> [String] {
        (header("Content-Security-Policy", of: response) ?? "").components(separatedBy: "; ")
    }
}
