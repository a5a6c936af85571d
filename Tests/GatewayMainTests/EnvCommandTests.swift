import Foundation
import Testing

@testable import GatewayMain

@Suite struct EnvCommandTests {
    private static let text = """
        server: {host: 127.0.0.1, port: 4000}
        admin: {token: "${GATEWAY_ADMIN_TOKEN:-}"}
        pipeline: {auth: [jwt], route: [authorization]}
        modules:
          jwt: {secret: "${APP_KEY:?give 32 bytes}", issuer: "${ISSUER:-https://me:hunter2@example.com}", audience: "${AUDIENCE}"}
          authorization: {rules: []}
          origin: {allow: ["${NEVER_READ}"]}
        profiles:
          dev: {modules: {jwt: {secret: null, secret_file: dev.secret, create_secret: true, audience: null}}}
          prod: {modules: {jwt: {issuer: "${GATEWAY_ISSUER}"}}}
        """
    private static let environment = ["APP_KEY": String(repeating: "hunter2 ", count: 5), "AUDIENCE": "app"]

    /// What `gateway env` prints, with `FILE` in place of the file's path and one space before a remark.
    private func env(
        _ arguments: String..., environment: [String: String] = environment, status: Int32 = 0, text: String = text
    ) async throws -> (lines: [String], error: String) {
        let program = Program(environment: environment)
        return try await withConfiguration(text) { file in
            #expect(await program.run(["env", "-c", file] + arguments) == status, "\(program.error.text)")
            let output = program.output.text.replacing(file, with: "FILE").replacing(#/\ +#\ /#, with: " # ")
            return (output.split(separator: "\n").map(String.init), program.error.text.replacing(file, with: "FILE"))
        }
    }

    @Test func `each variable has its value, its origin and where it goes`() async throws {
        let lines = try await env(environment: Self.environment.merging(["WEBSOCKET_PORT": " 5000 "]) { $1 }).lines
        #expect(lines.first == "# FILE, no profile")
        for line in [
            "APP_KEY=*** # environment; modules.jwt.secret at FILE:5:18",
            "AUDIENCE=app # environment; modules.jwt.audience at FILE:5:110",
            "GATEWAY_ADMIN_TOKEN # not set, and may be empty; admin.token at FILE:2:17",
            "GATEWAY_PROFILE # not set; --profile",
            "ISSUER # not set: the file has 'https://***@example.com'; modules.jwt.issuer at FILE:5:55",
            "WEBSOCKET_PORT=5000 # environment; server.port at FILE:1:33", "WEBSOCKET_PING_TIMEOUT # not set; server.ping_timeout",
            "PUBSUB_ADAPTER # not set; pipeline.pubsub", "PUBSUB_REDIS_URL # not set",
        ] { #expect(lines.contains(line), "\(line) in \(lines)") }
        #expect(!lines.contains { $0.contains("NEVER_READ") || $0.contains("hunter2") })
    }

    @Test func `a variable that is missing is told with the cure, and the status is 78`() async throws {
        let (lines, error) = try await env(environment: ["AUDIENCE": "app"], status: 78)
        #expect(lines.contains("APP_KEY # missing; modules.jwt.secret at FILE:5:18"))
        #expect(error.contains("FILE:5:18: error[unset-variable]: APP_KEY is not set"))
        #expect(error.contains("help: give 32 bytes"))
    }

    @Test func `what a profile overrides is not asked for`() async throws {
        let lines = try await env("--profile", "dev", environment: [:]).lines
        #expect(!lines.contains { $0.hasPrefix("APP_KEY") || $0.hasPrefix("AUDIENCE") })
    }

    @Test func `all profiles have a list each, and all that is missing is told`() async throws {
        let (lines, error) = try await env("--all-profiles", status: 78)
        #expect(lines.filter { $0.hasPrefix("# FILE") } == ["# FILE, no profile", "# FILE, profile dev", "# FILE, profile prod"])
        #expect(lines.contains("GATEWAY_ISSUER # missing; modules.jwt.issuer at FILE:10:35"))
        #expect(error.contains("GATEWAY_ISSUER is not set"))
    }

    @Test func `what is set and does not count says why`() async throws {
        let lines = try await env(
            "--profile", "dev", "--set", "server.port=6000",
            environment: [
                "WEBSOCKET_PORT": "5000", "WEBSOCKET_MAX_CONNECTIONS_PER_IP": "7", "GATEWAY_PROFILE": "prod",
                "PUBSUB_REDIS_URL": "redis://me:hun/ter2@host",
            ]
        ).lines
        #expect(lines.contains("WEBSOCKET_PORT=5000 # not used: --set server.port wins; server.port at FILE:1:33"))
        #expect(lines.contains("WEBSOCKET_MAX_CONNECTIONS_PER_IP=7 # not used: ip_cap stands in no stage"))
        #expect(lines.contains("GATEWAY_PROFILE=prod # not used: --profile dev wins; --profile"))
        #expect(lines.contains("PUBSUB_REDIS_URL=redis://***@host # not used: redis stands in no stage"))
    }

    @Test func `a variable in the login of a URL is hidden, and one beside it is not`() async throws {
        let text = Self.text.replacing("auth: [jwt],", with: "auth: [jwt], pubsub: redis,")
            .replacing("  origin:", with: "  redis: {url: \"redis://me:${PW:-hunter2}@${CACHE}/1\"}\n  origin:")
        for environment in [["PW": "hunter2"], [:]] {
            let environment = Self.environment.merging(environment) { $1 }.merging(["CACHE": "h:6379"]) { $1 }
            let lines = try await env(environment: environment, text: text).lines
            #expect(lines.contains { $0.hasPrefix("PW") } && lines.contains { $0.hasPrefix("CACHE=h:6379 ") })
            let json = try await env("--json", environment: environment, text: text).lines
            #expect(!(lines + json).contains { $0.contains("hunter2") })
        }
    }

    @Test func `a variable that nobody reads is told with the nearest name, and one of another profile is not`() async throws {
        let lines = try await env(
            "--profile", "dev",
            environment: ["WEBSOCKET_PROT": "1", "GATEWAY_ISSUER": "x", "GATEWAY_TOPSECRET": "hunter2", "GATEWAY_PROFIL": "dev"]
        ).lines
        let index = try #require(lines.firstIndex(of: "# read by nobody"))
        #expect(
            lines[(index + 1)...] == [
                "GATEWAY_PROFIL # did you mean GATEWAY_PROFILE?", "GATEWAY_TOPSECRET # nothing has a name like that",
                "WEBSOCKET_PROT # did you mean WEBSOCKET_PORT?",
            ])
    }

    @Test func `a value that its setting cannot take is status 78`() async throws {
        let environment = Self.environment.merging(["WEBSOCKET_PING_INTERVAL": "30s"]) { $1 }
        #expect(try await env(environment: environment, status: 78).error.contains("write WEBSOCKET_PING_INTERVAL=30000"))
    }

    @Test func `a file that cannot be read has its own error and no list`() async throws {
        let (lines, error) = try await env(status: 78, text: "server: {")
        #expect(lines.isEmpty && error.contains("error[syntax]"))
    }

    @Test func `JSON has the same, findings included`() async throws {
        let lines = try await env("--json", environment: ["AUDIENCE": "app", "PUBSUB_ADAPTR": "x"], status: 78).lines
        let object = try #require(try JSONSerialization.jsonObject(with: Data(lines.joined().utf8)) as? [String: [[String: Any]]])
        let variables = try #require(object["profiles"]?.first?["variables"] as? [[String: Any]])
        let key = try #require(variables.first { $0["name"] as? String == "APP_KEY" })
        #expect(key["origin"] as? String == "missing" && key["isSet"] as? Bool == false)
        #expect((key["settings"] as? [[String: Any]])?.first?["line"] as? Int == 5)
        #expect(object["unread"]?.first?["nearest"] as? String == "PUBSUB_ADAPTER")
        #expect(object["diagnostics"]?.contains { $0["code"] as? String == "unset-variable" } == true)
    }
}
