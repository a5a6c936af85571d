import Foundation
import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import IngressModule

/// What docs/ingress.md shows.
struct DocumentationTests {
    private let tester = IngressTester()
    private let page: String

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/ingress.md").standardized
        page = try String(contentsOf: file, encoding: .utf8)
    }

    /// The list under `routes:` as YAML's flow style has it.
    private func routes() throws -> String {
        let list = try #require(page.firstMatch(of: /\n    routes:\n((      .*\n)+)/)).1
        return "[\(list.split(separator: "      - ").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.joined(separator: ", "))]"
            .replacing("${ORDERS_API_KEY}", with: String(repeating: "k", count: 32))
    }

    @Test func `its routes are right, and the first is the default`() throws {
        let settings = try SettingsTester.settings(IngressSettings.self, "{routes: \(routes())}")
        #expect(settings.routes.all.count == 2)
        #expect(settings.routes.all.first?.settingText == IngressRoute.message.settingText)
    }

    @Test func `its request does what the page says`() async throws {
        let body = try #require(page.firstMatch(of: /Idempotency-Key: order-7(.|\n)*?-d '(.*)'/)).2
        let module = try tester.make("{routes: \(routes())}")
        let request = try IngressTester.request(
            String(body), path: "/api/shops/berlin/orders", parameters: ["shop": "berlin"], userID: nil, key: "order-7")
        let response = try await module.routes[1].answer(request)
        #expect(response.status == 202)
        #expect(try JSON(parsing: response.data).members?.keys.map { $0 } == ["id"])
        #expect(tester.publisher.published.map(\.topics) == [["orders", "orders.shop.berlin", "orders.customer.c-12"]])
    }

    @Test func `it names every key of a route`() {
        for key in IngressRoute.Keys.fields.map(\.name) { #expect(page.contains("`\(key)`"), "\(key)") }
    }
}
