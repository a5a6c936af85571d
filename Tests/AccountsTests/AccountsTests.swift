import GatewayKit
import GatewayTestKit
import Logging
import NIOEmbedded
import Testing

@testable import AccountsModule

struct AccountsTests {
    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: Accounts.self) == [])
    }

    @Test func `the database stands in data beside the configuration file`() throws {
        var decoder = SettingsDecoder(baseFolder: "/etc/gateway")
        let node = ConfigurationNode(.mapping([]), at: SourcePlace(.file("gateway.yaml")))
        #expect(AccountsSettings.decode(node, &decoder)?.database == FilePath("/etc/gateway/data/accounts.sqlite"))
        #expect(AccountsSettings.fields.first { $0.name == "database" }?.defaultText == "data/accounts.sqlite")
    }

    @Test func `without somebody who signs tokens it cannot be made`() throws {
        let error = #expect(throws: ModuleError.self) { try ModuleTester().make(Accounts.self) }
        #expect(error?.code == .missingProvider)
    }

    @Test func `a deployment without a key to sign with cannot start`() async throws {
        let tester = try AccountsTester()
        let capabilities = Capabilities()
        let context = ModuleContext(
            instance: "accounts", logger: .init(label: "test"), eventLoopGroup: EmbeddedEventLoop(), clock: tester.clock.gatewayClock,
            shared: SharedState(), capabilities: capabilities)
        context.provide(.tokenIssuer, Keyless() as any TokenIssuer)
        context.provide(.tokenRevocations, tester.tokens as any TokenRevocations)
        let module = try Accounts(settings: tester.settings, context: context)
        let error = await #expect(throws: ModuleError.self) { try await module.start() }
        #expect(error?.message == "there is no key")
        #expect(error?.setting == nil)
    }

    @Test func `the routes are three posts without a token`() throws {
        let routes = try AccountsTester().make().routes
        #expect(routes.map(\.path.description) == ["/api/auth/login", "/api/auth/refresh", "/api/auth/logout"])
        #expect(routes.allSatisfy { $0.method == .post })
        for route in routes { if case .none = route.authentication {} else { Issue.record("\(route.path) asks for a token") } }
        #expect(Set(routes.map(\.operation.id)).count == 3)
    }

    @Test func `a refresh token that ends before its access token is an error`() {
        let short = SettingsTester.decode(AccountsSettings.self, "{access_ttl: 60s, refresh_ttl: 59s}")
        #expect(short.diagnostics.map(\.severity) == [.error])
        #expect(SettingsTester.decode(AccountsSettings.self, "{access_ttl: 60s, refresh_ttl: 60s}").diagnostics.isEmpty)
    }

    @Test func `dates have milliseconds`() {
        #expect(Timestamp(milliseconds: 1_767_225_600_007).text == "2026-01-01T00:00:00.007Z")
        #expect(Timestamp(milliseconds: 951_782_399_999).text == "2000-02-28T23:59:59.999Z")
        #expect(Timestamp(milliseconds: -5).text == "1970-01-01T00:00:00.000Z")
    }
}

private struct Keyless: TokenIssuer {
    func issueToken(subject: String, claims: [String: JSONValue], timeToLive: Duration) async throws -> String {
        throw ModuleError("there is no key", setting: "private_key")
    }
}
