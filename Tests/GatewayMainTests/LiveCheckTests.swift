import Foundation
import GatewayKit
import GatewayTestKit
import NIOCore
import NIOPosix
import Testing

@testable import GatewayMain

/// `gateway check --live`: what a start would meet on this machine.
@Suite struct LiveCheckTests {
    private static let redis = workingConfiguration.replacing("pubsub: memory", with: "pubsub: redis")
        .replacing("modules:", with: "modules:\n  redis: {url: \"${REDIS}\", connect_timeout: 20s}")

    /// Asks this machine, by a configuration.
    private func check(
        _ text: String = workingConfiguration, _ options: String..., environment: [String: String] = [:], plugins: [any Module.Type] = []
    ) async throws -> (status: Int32, output: String, error: String, left: [String]) {
        let program = Program(environment: workingEnvironment.merging(environment) { $1 }, plugins: plugins)
        return try await withConfiguration(text) { file in
            let status = await program.run(["check", "-c", file, "--live"] + options)
            let folder = URL(filePath: file).deletingLastPathComponent().path
            return (status, program.output.text, program.error.text, try FileManager.default.contentsOfDirectory(atPath: folder))
        }
    }

    /// A port with a listener that says nothing, for the time of `body`.
    private func withTakenPort<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        do {
            let result = try await body(port)
            try await listener.close()
            return result
        } catch {
            try? await listener.close()
            throw error
        }
    }

    @Test func `where all is there the status is 0 and nothing is made`() async throws {
        let (status, output, error, left) = try await check()
        #expect(status == 0, "\(error)")
        #expect(output.hasSuffix("is right, and this machine has what it needs"))
        #expect(left == ["gateway.yaml"])
    }

    @Test(arguments: ["server", "admin"]) func `a port that another program has is told at its setting`(_ section: String) async throws {
        try await withTakenPort { port in
            let (status, _, error, _) = try await check(workingConfiguration, "--set", "\(section).port=\(port)")
            #expect(status == 78)
            #expect(error.contains("error[listen]: \(section).port: cannot listen on 127.0.0.1:\(port): Address already in use"))
            #expect(error.contains("help: another program listens there"))
            #expect(error.contains("with admin.socket a running gateway of this configuration would be known as such"))
        }
    }

    @Test func `an address that this machine lacks is told`() async throws {
        let (status, _, error, _) = try await check(workingConfiguration, "--set", "server.host=192.0.2.1")
        #expect(status == 78)
        #expect(error.contains("error[listen]: server.host: cannot listen on 192.0.2.1:0"))
    }

    @Test func `one port for both listeners is told`() async throws {
        let port = try await withTakenPort { $0 }
        // One address by two names, which only the machine knows.
        let (status, _, error, _) = try await check(
            workingConfiguration, "--set", "server.port=\(port)", "--set", "admin.port=\(port)", "--set", "admin.host=localhost")
        #expect(status == 78)
        #expect(error.contains("server.port and admin.port are one"))
    }

    @Test func `a port of the gateway that runs is no error`() async throws {
        let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")
        try await withConfiguration(text) { file in
            let gateway = Program(environment: workingEnvironment)
            let running = Task { await gateway.run("run", "-c", file) }
            let line = await gateway.error.line(with: "listening on http://127.0.0.1:")
            let port = try #require(line.split(separator: ":").last)
            let program = Program(environment: workingEnvironment)
            #expect(await program.run("check", "-c", file, "--live", "--set", "server.port=\(port)") == 0, "\(program.error.text)")
            #expect(program.output.text.contains("server.port: 127.0.0.1:\(port) is in use by the running gateway"))
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test func `a port of another program is an error, whatever gateway runs`() async throws {
        let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")
        try await withConfiguration(text) { file in
            let gateway = Program(environment: workingEnvironment)
            let running = Task { await gateway.run("run", "-c", file) }
            _ = await gateway.error.line(with: "listening on http://127.0.0.1:")
            try await withTakenPort { port in
                let program = Program(environment: workingEnvironment)
                #expect(await program.run("check", "-c", file, "--live", "--set", "server.port=\(port)") == 78)
                #expect(program.error.text.contains("error[listen]: server.port: cannot listen on 127.0.0.1:\(port)"))
            }
            gateway.signal(SIGTERM)
            #expect(await running.value == 0)
        }
    }

    @Test func `an admin socket of another program is told at its setting`() async throws {
        try await withSocket(.saying("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")) { path in
            let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: \(path)}")
            let (status, _, error, _) = try await check(text)
            #expect(status == 78)
            #expect(error.contains("gateway.yaml:3:26: error[listen]: admin.socket: another process listens on \(path)"), "\(error)")
        }
    }

    @Test(arguments: [
        ("gateway.yaml/g.sock", "Not a directory"), ("gateway.yaml/run/g.sock", "Not a directory"), ("gateway.yaml", "something else"),
    ])
    func `an admin socket that cannot be made is told at its setting`(_ path: String, _ reason: String) async throws {
        let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: \(path)}")
        let (status, _, error, left) = try await check(text)
        #expect(status == 78)
        #expect(error.contains("gateway.yaml:3:26: error[invalid-value]: admin.socket: ") && error.contains(reason), "\(error)")
        #expect(left == ["gateway.yaml"])
    }

    @Test(arguments: ["g.sock", "run/here/g.sock"]) func `an admin socket that can be made is right`(_ path: String) async throws {
        let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: \(path)}")
        let (status, _, error, left) = try await check(text)
        #expect(status == 0, "\(error)")
        #expect(left == ["gateway.yaml"])
    }

    @Test func `a socket that a gateway left is right`() async throws {
        try await withSocket(.dead) { path in
            let text = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: \(path)}")
            let status = try await check(text).status
            #expect(status == 0)
        }
    }

    @Test func `a Redis that brings a message back is right`() async throws {
        let server = try await RedisServer.shared()
        let prefix = "modules.redis.prefix=\(UUID())"
        let (status, _, error, _) = try await check(Self.redis, "--set", prefix, environment: ["REDIS": server.url])
        #expect(status == 0, "\(error)")
    }

    @Test func `a Redis that is away is told with the reason`() async throws {
        let port = try await withTakenPort { $0 }
        let (status, _, error, _) = try await check(Self.redis, environment: ["REDIS": "redis://127.0.0.1:\(port)"])
        #expect(status == 78)
        #expect(error.contains("error[unreachable]: modules.redis.url: messages do not flow: cannot connect to 127.0.0.1:\(port)"))
        #expect(error.contains("help: see that it runs"))
    }

    @Test func `what takes connections and answers nothing is no Redis`() async throws {
        try await withTakenPort { port in
            let (status, _, error, _) = try await check(
                Self.redis, "--set", "modules.redis.connect_timeout=100ms", environment: ["REDIS": "redis://127.0.0.1:\(port)"])
            #expect(status == 78)
            #expect(error.contains("error[unreachable]: modules.redis.url: messages do not flow"))
        }
    }

    @Test func `a Redis that wants a password says so, and the wrong one is not shown`() async throws {
        let server = try await RedisServer(["--requirepass", "hunter2"])
        let (status, _, error, _) = try await check(
            Self.redis, environment: ["REDIS": "redis://:hunter3@127.0.0.1:\(server.port)"])
        #expect(status == 78)
        #expect(error.contains("WRONGPASS") && !error.contains("hunter"))
    }

    @Test(arguments: [("gateway.yaml/users.sqlite", "Not a directory"), (".", "it is a folder")])
    func `a database that cannot be made is told at its setting`(_ path: String, _ reason: String) async throws {
        let text = workingConfiguration.replacing("pubsub: memory", with: "pubsub: memory\n  http: [accounts]")
            .replacing("modules:", with: "modules:\n  accounts: {database: \(path)}")
        let (status, _, error, left) = try await check(text)
        #expect(status == 78)
        #expect(error.contains("error[unreadable-file]: modules.accounts.database") && error.contains(reason))
        #expect(left == ["gateway.yaml"])
    }

    @Test(arguments: ["revocations: gateway.yaml/x.sqlite", "revocations: .", "create_secret: true, secret_file: gateway.yaml/secret"])
    func `so is what jwt could not write`(_ setting: String) async throws {
        let key = setting.hasPrefix("revocations") ? "secret: \"${SECRET}\", \(setting)" : setting
        let (status, _, error, _) = try await check(workingConfiguration.replacing("secret: \"${SECRET}\"", with: key))
        #expect(status == 78)
        #expect(error.contains("error[unreadable-file]: modules.jwt."))
    }

    @Test func `a module of a plugin says what stands in its way`() async throws {
        let text = workingConfiguration.replacing("[rate_limit, authorization]", with: "[rate_limit, authorization, doubtful]")
        let (status, _, error, _) = try await check(text, plugins: [Doubtful.self])
        #expect(status == 78)
        #expect(error.contains("error[unreachable]: modules.doubtful: the service is away\n"))
    }

    @Test func `an adapter that swallows messages is told`() async throws {
        let text = workingConfiguration.replacing("pubsub: memory", with: "pubsub: swallowing")
            .replacing("modules:", with: "modules:\n  swallowing: {connect_timeout: 1ms}")
        let (status, _, error, _) = try await check(text, plugins: [Swallowing.self])
        #expect(status == 78)
        #expect(error.contains("messages do not flow: a message that was published did not come back"))
    }

    @Test func `without --live nothing is asked`() async throws {
        let program = Program(environment: workingEnvironment.merging(["REDIS": "redis://127.0.0.1:1"]) { $1 })
        #expect(try await withConfiguration(Self.redis) { await program.run("check", "-c", $0) } == 0)
    }
}

/// A module that could not start.
private struct Doubtful: RouteStage {
    static let name = "doubtful"
    static let summary = "Has something in its way."

    init(settings: NoSettings, context: ModuleContext) {}

    static func obstacles(to settings: NoSettings) async -> [ModuleError] { [ModuleError("the service is away", code: .unreachable)] }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { .proceed }
}

/// The settings of an adapter that connects.
private struct SwallowingSettings: Settings {
    var connectTimeout = Duration.seconds(5)

    static let fields: [SettingField<Self>] = [SettingField("connect_timeout", \.connectTimeout, "How long connecting may take.")]
}

/// An adapter that says it is well and delivers nothing.
private struct Swallowing: PubSubAdapter {
    static let name = "swallowing"
    static let summary = "Delivers nothing."

    init(settings: SwallowingSettings, context: ModuleContext) {}

    var health: AdapterHealth { .up }

    func attach(_ sink: any EventSink) {}
    func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }
    func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}
}
