import Foundation
import GatewayConfiguration
import GatewayKit
import Testing

@Suite struct LoadedConfigurationTests {
    private static let text = """
        server:
          host: base
          port: 1000
        pipeline:
          accept: [ip_cap, turnstile]
          auth: [jwt]
          route: [turnstile, rate_limit/publish, authorization]
        modules:
          jwt: {secret: "${KEY:-0123456789abcdef0123456789abcdef}"}
          rate_limit/publish: {rate: 5/s, burst: 10, mode: observe}
        limits: {max_batch: 1}
        profiles:
          prod: {strict: true, server: {port: 2000, host: prod}}
          eu: {extends: prod, server: {host: eu}}
        """

    private func load(
        profile: String? = nil, environment: [String: String] = [:], overrides: [String] = [], text: String = text
    ) throws -> LoadedConfiguration<TestCore> {
        let request = ConfigurationRequest(
            file: "conf/gateway.yaml", text: Array(text.utf8), profile: profile, environment: environment, overrides: overrides)
        let result = ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all)
        return try #require(result.configuration, "\(result.diagnostics)")
    }

    @Test func `the base of the file stands without a profile`() throws {
        let loaded = try load()
        #expect(loaded.core.server.port == 1000)
        #expect(loaded.profile == nil && !loaded.isStrict)
        #expect(loaded.core.log.level == .info)
    }

    @Test func `a profile stands over what it extends, and that over the file`() throws {
        let loaded = try load(profile: "eu")
        #expect(loaded.core.server.host == "eu")
        #expect(loaded.core.server.port == 2000)
        #expect(loaded.core.limits.maxBatch == 1)
        #expect(loaded.isStrict && loaded.profile == "eu")
    }

    @Test func `the environment stands over profiles, and --set over everything`() throws {
        let environment = ["WEBSOCKET_PORT": "3001", "WEBSOCKET_HOST": " host ", "WEBSOCKET_PING_INTERVAL": "1500"]
        let loaded = try load(profile: "prod", environment: environment, overrides: ["server.port=4000", "server.port=4001"])
        #expect(loaded.core.server.port == 4001)
        #expect(loaded.core.server.host == "host")
        #expect(loaded.core.server.pingInterval == .milliseconds(1500))
    }

    @Test func `each value knows its origin and what it overrode`() throws {
        let loaded = try load(profile: "eu", environment: ["WEBSOCKET_PORT": "3001"])
        let host = try #require(loaded.root[path: ["server", "host"]])
        #expect("\(host.place)" == "conf/gateway.yaml:14:38" && host.place.profile == "eu")
        #expect(host.overridden.map { "\($0)" } == ["conf/gateway.yaml:13:51", "conf/gateway.yaml:2:9"])
        #expect(host.overridden.map(\.profile) == ["prod", nil])
        let port = try #require(loaded.root[path: ["server", "port"]])
        #expect("\(port.place)" == "environment WEBSOCKET_PORT")
        #expect(port.overridden.map(\.line) == [13, 3])
    }

    @Test func `a filled value keeps its template`() throws {
        let secret = try #require(try load().root[path: ["modules", "jwt", "secret"]])
        #expect(secret.isFilled)
        #expect(secret.template == "${KEY:-0123456789abcdef0123456789abcdef}")
    }

    @Test func `stages have their modules in order, with settings of their own`() throws {
        let pipeline = try load().pipeline
        #expect(pipeline.stages[.accept]?.map(\.instance) == ["ip_cap", "turnstile"])
        #expect(pipeline.stages[.route]?.map(\.instance) == ["turnstile", "rate_limit/publish", "authorization"])
        #expect(pipeline.stages[.pubsub]?.map(\.instance) == ["memory"])
        let limit = try #require(pipeline.stages[.route]?[1])
        #expect((limit.settings as? RateLimit.Settings)?.burst == 10)
        #expect(limit.common.mode == .observe)
        #expect("\(limit.place)" == "conf/gateway.yaml:10:3")
    }

    @Test func `a variable of a module goes to each of its instances in the pipeline`() throws {
        let text = Self.text.replacing("[ip_cap, turnstile]", with: "[ip_cap, ip_cap/strict]")
        let loaded = try load(environment: ["WEBSOCKET_MAX_CONNECTIONS_PER_IP": "7"], text: text)
        let settings = loaded.pipeline.stages[.accept]?.map { ($0.settings as? IPCap.Settings)?.maxConnections }
        #expect(settings == [7, 7])
    }

    @Test func `the adapter of the environment is the one`() throws {
        let loaded = try load(environment: ["PUBSUB_ADAPTER": "redis", "PUBSUB_REDIS_URL": "redis://other"])
        #expect((loaded.pipeline.stages[.pubsub]?.first?.settings as? Redis.Settings)?.url == "redis://other")
    }

    @Test func `null in a profile goes back to the default`() throws {
        let loaded = try load(profile: "eu", text: Self.text.replacing("host: eu", with: "host: null, port: ~"))
        #expect(loaded.core.server.host == "0.0.0.0" && loaded.core.server.port == 3000)
    }

    @Test func `values of the environment and of --set are taken as they are`() throws {
        let loaded = try load(environment: ["WEBSOCKET_HOST": "${HOME}"], overrides: ["modules.jwt.issuer=${USER}"])
        #expect(loaded.core.server.host == "${HOME}")
        #expect((loaded.pipeline.stages[.auth]?.first?.settings as? JWT.Settings)?.issuer == "${USER}")
    }

    @Test func `an error of a module's making stands at the setting at fault`() throws {
        let limit = try #require(try load().pipeline.stages[.route]?[1])
        let error = ModuleError("too many", setting: "burst", code: .outOfRange)
        #expect(limit.diagnostic(for: error).place.column == 42)
        #expect(limit.diagnostic(for: ModuleError("no")).place == limit.place)
    }

    @Test func `findings from elsewhere are sorted in, and an error among them ends it`() {
        let request = ConfigurationRequest(file: "gateway.yaml", text: Array(Self.text.utf8))
        let result = ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all)
        let place = SourcePlace(.file("gateway.yaml"), line: 1, column: 1)
        #expect(result.adding([Diagnostic(.warning, .invalidValue, "x", at: place)]).isValid)
        let refused = result.adding([Diagnostic(.error, .invalidValue, "x", at: place)])
        #expect(!refused.isValid && refused.diagnostics.first?.place == place)
    }

    @Test func `the profiles of the file are known`() throws {
        #expect(try load().profiles == ["prod", "eu"])
    }

    @Test func `relative paths start at the folder of the file`() throws {
        let loaded = try load(overrides: ["server.socket=data/x.sock"])
        #expect(loaded.baseFolder == FileManager.default.currentDirectoryPath + "/conf")
        #expect(loaded.core.server.socket?.path == loaded.baseFolder + "/data/x.sock")
    }
}
