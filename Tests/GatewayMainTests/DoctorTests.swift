import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Testing

@testable import GatewayMain

/// `gateway doctor`: what starts and is doubtful all the same.
@Suite struct DoctorTests {
    private static let open = """
        server: {host: 0.0.0.0}
        pipeline: {handshake: [origin], auth: [jwt], route: [authorization]}
        modules: {jwt: {secret: "${SECRET}"}, authorization: {rules: []}}
        """
    /// In 2027, when the certificate of the tests is valid.
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    /// A machine with nothing to complain of.
    private static let machine = MachineFacts(
        openFiles: 1_000_000, memory: 64 << 30, backlog: 4096, now: now, user: geteuid())

    private func examination(
        _ text: String, _ options: String..., facts: MachineFacts = machine, environment: [String: String] = [:],
        file: String = "/nowhere/gateway.yaml"
    ) throws -> Examination {
        let request = ConfigurationRequest(
            file: file, text: Array(text.utf8), environment: workingEnvironment.merging(environment) { $1 },
            overrides: options)
        let result = ConfigurationLoader.load(CoreSettings.self, request, modules: BuiltInModules.all)
        let configuration = try #require(result.configuration, "\(result.diagnostics)")
        return Examination(configuration: configuration, facts: facts, warnings: result.diagnostics)
    }

    @Test func `a machine with room has no finding`() throws {
        #expect(try examination(Self.open).resources.isEmpty)
    }

    @Test func `too few open files are told with the number that is needed`() throws {
        var facts = Self.machine
        facts.openFiles = 100_099
        let found = try #require(try examination(Self.open, facts: facts).resources.first)
        #expect(found.severity == .warning && found.code == .openFiles)
        #expect(found.message.contains("limit of open files (100099)"))
        #expect(found.help.map { $0.contains("100100") } == true)
        facts.openFiles = 100_100
        #expect(try examination(Self.open, facts: facts).resources.isEmpty)
    }

    @Test func `a short queue of the kernel counts where others connect`() throws {
        var facts = Self.machine
        facts.backlog = 128
        #expect(try examination(Self.open, facts: facts).resources.map(\.code) == [.openFiles])
        #expect(try examination(Self.open, "server.host=127.0.0.1", facts: facts).resources.isEmpty)
    }

    @Test func `a queue without room for two messages is told`() throws {
        #expect(try examination(Self.open, "limits.max_queue=2MiB").resources.isEmpty)
        let found = try examination(Self.open, "limits.max_queue=2000000").resources
        #expect(found.map(\.code) == [.memory])
        #expect(found.first?.place.origin == .commandLine("--set limits.max_queue"))
    }

    @Test(arguments: [(UInt64(1) << 30, "error"), (3 << 29, "warning"), (1 << 31, "none")])
    func `queues above the memory are an error, near it a warning`(_ memory: UInt64, _ severity: String) throws {
        var facts = Self.machine
        facts.memory = memory
        #expect(try examination(Self.open, facts: facts).resources.first?.severity.rawValue ?? "none" == severity)
    }

    @Test(arguments: [("0.0.0.0/0", "error"), ("::/0", "error"), ("10.0.0.0/7", "warning"), ("10.0.0.0/8", "none"), ("10.1.2.3", "none")])
    func `proxies that could be clients are told`(_ range: String, _ severity: String) throws {
        let text = Self.open.replacing("host: 0.0.0.0", with: "host: 0.0.0.0, trusted_proxies: [\"\(range)\"]")
        let found = try examination(text).exposure.first { $0.message.contains("holds clients") }
        #expect(found?.severity.rawValue ?? "none" == severity)
    }

    @Test func `what other machines reach is told, and nothing of that on loopback`() throws {
        let found = try examination(Self.open).exposure
        for words in ["without TLS", "every page of the web", "strict: it is not set"] {
            #expect(found.contains { $0.message.contains(words) && $0.severity == .warning }, "\(words)")
        }
        #expect(try examination(Self.open, "server.host=127.0.0.1").exposure.isEmpty)
        #expect(try examination(Self.open, "strict=true").exposure.count == 2)
    }

    @Test func `an admin API beyond loopback is told`() throws {
        let token = String(repeating: "t", count: 32)
        let found = try examination(Self.open, "admin.host=0.0.0.0", "admin.token=\(token)").exposure
        #expect(found.contains { $0.message.hasPrefix("admin.host: other machines reach") })
        #expect(!found.map(\.message).joined().contains(token))
    }

    @Test(
        arguments: [
            ("redis://10.0.0.1", 2), ("redis://:hunter2@10.0.0.1", 1), ("rediss://:hunter2@redis.example.com", 0), ("redis://127.0.0.1", 0),
            ("redis://localhost", 0),
        ])
    func `a Redis elsewhere wants a password and TLS`(_ url: String, _ count: Int) throws {
        let found = try examination(Self.open, environment: ["PUBSUB_ADAPTER": "redis", "PUBSUB_REDIS_URL": url]).exposure
        #expect(found.filter { $0.message.contains("modules.redis.url") }.count == count)
        #expect(!found.contains { $0.message.contains("hunter2") })
        let unused = try examination(Self.open, environment: ["PUBSUB_REDIS_URL": url]).exposure
        #expect(!unused.contains { $0.message.contains("redis") })
    }

    @Test(arguments: [(0o600, 0), (0o640, 0), (0o604, 1), (0o646, 1)])
    func `a secret that others may read or change is an error`(_ mode: Int, _ count: Int) async throws {
        let text = Self.open.replacing("secret: \"${SECRET}\"", with: "secret_file: jwt.secret")
        try await withConfiguration(text, files: ["jwt.secret": String(repeating: "s", count: 32)]) { file in
            let secret = URL(filePath: file).deletingLastPathComponent().appending(path: "jwt.secret").path
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: secret)
            let found = try examination(text.replacing("jwt.secret", with: secret)).files.filter { $0.code == .fileMode }
            #expect(found.count == count)
            for finding in found { #expect(finding.severity == .error && finding.help == "chmod 600 \(secret)") }
        }
    }

    @Test(arguments: [(0o600, 0), (0o644, 1)])
    func `so is one that a variable reads for a secret`(_ mode: Int, _ count: Int) async throws {
        let text = Self.open.replacing("${SECRET}", with: "${file:k}").replacing(
            "modules: {", with: "modules: {redis: {url: \"redis://:${file:k}@h\"}, "
        )
        .replacing("host: 0.0.0.0", with: "host: \"${file:host}\"").replacing("pipeline: {", with: "pipeline: {pubsub: redis, ")
        try await withConfiguration(text, files: ["k": String(repeating: "s", count: 32), "host": "0.0.0.0"]) { file in
            let folder = URL(filePath: file).deletingLastPathComponent()
            for name in ["k", "host"] {
                let permissions = name == "k" ? mode : 0o644
                try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: folder.appending(path: name).path)
            }
            let found = try examination(text, file: file).files.filter { $0.code == .fileMode }
            #expect(found.count == 2 * count, "\(found)")
            for finding in found { #expect(finding.message.contains("may read \(folder.path)/k (mode 644)"), "\(finding)") }
            #expect(found.map { $0.message.prefix { $0 != ":" } } == (count == 0 ? [] : ["modules.jwt.secret", "modules.redis.url"]))
        }
    }

    @Test(arguments: [(0o600, 0), (0o644, 1)])
    func `so is the configuration with a secret in it`(_ mode: Int, _ count: Int) async throws {
        let secret = String(repeating: "s", count: 32)
        let text = Self.open.replacing("${SECRET}", with: secret)
        try await withConfiguration(text) { file in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
            let found = try examination(text, file: file).files.filter { $0.code == .fileMode }
            #expect(found.count == count)
            for finding in found {
                #expect(finding.message.hasPrefix("every user of the machine may read \(file) (mode 644), and a secret stands in it"))
                #expect(finding.place.line == 3 && finding.help.map { $0.hasPrefix("chmod 600 \(file)") } == true)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
            #expect(try examination(Self.open, file: file).files.isEmpty)
        }
    }

    @Test func `a file of another user, and one of tomorrow, are told`() async throws {
        let text = Self.open.replacing("secret: \"${SECRET}\"", with: "secret_file: FILE")
        try await withConfiguration(text, files: ["jwt.secret": String(repeating: "s", count: 32)]) { file in
            let secret = URL(filePath: file).deletingLastPathComponent().appending(path: "jwt.secret").path
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
            // Only root can give a file away, and what is root's own is nobody's fault.
            let owner = geteuid() == 0 ? 4711 : geteuid()
            #expect(chown(secret, owner, getegid()) == 0)
            var facts = Self.machine
            facts.now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 - 3600) * 1000)
            facts.user = owner + 1
            let found = try examination(text.replacing("FILE", with: secret), facts: facts).files
            #expect(found.map(\.code) == [.fileMode, .clock])
            #expect(found.first?.message.contains("belongs to user \(owner), and this is user \(owner + 1)") == true)
        }
    }

    @Test(
        arguments: [
            (Int64(1_700_000_000), "error", "it is valid from 2026-11-26 on"), (4_949_000_000, "warning", "it expires on 2126-11-02, in "),
            (5_000_000_000, "error", "it expired on 2126-11-02"), (1_800_000_000, "none", ""),
        ])
    func `the certificate is held against the clock`(_ seconds: Int64, _ severity: String, _ message: String) async throws {
        try await withConfiguration("", files: TestCertificate.files) { file in
            let folder = URL(filePath: file).deletingLastPathComponent().path
            var facts = Self.machine
            facts.now = Timestamp(milliseconds: seconds * 1000)
            let tls = "tls: {certificate: \(folder)/certificate.pem, key: \(folder)/key.pem}"
            let found = try examination(Self.open.replacing("host: 0.0.0.0", with: "host: 0.0.0.0, \(tls)"), facts: facts).files
            let certificate = found.first { $0.code == .certificate }
            #expect(certificate?.severity.rawValue ?? "none" == severity)
            #expect((certificate?.message ?? "").contains(message) || message.isEmpty)
        }
    }

    @Test func `a clock of before this program was written is an error`() throws {
        var facts = Self.machine
        facts.now = Timestamp(milliseconds: 5000)
        #expect(try examination(Self.open, facts: facts).files.map(\.code) == [.clock])
    }

    @Test func `a clock that nothing keeps right is a warning`() throws {
        var facts = Self.machine
        facts.isClockKept = false
        let found = try examination(Self.open, facts: facts).files
        #expect(found.map(\.code) == [.clock] && found.map(\.severity) == [.warning])
        for isKept in [true, nil] {
            facts.isClockKept = isKept
            #expect(try examination(Self.open, facts: facts).files.isEmpty)
        }
    }

    @Test func `what has its default is told at the key that it would stand under, or of the file`() throws {
        var facts = Self.machine
        (facts.openFiles, facts.memory, facts.isClockKept) = (1000, 1 << 30, false)
        let examination = try examination("version: 1\n\(Self.open)", "limits.max_queue=8MiB", facts: facts)
        let found = examination.resources + examination.exposure + examination.files
        func place(_ message: String) -> String? { found.first { $0.message.hasPrefix(message) }.map { "\($0.place)" } }
        #expect(place("server.max_connections") == "/nowhere/gateway.yaml:2:1")
        #expect(place("modules.origin.allow") == "/nowhere/gateway.yaml:4:1")
        for message in ["limits.max_total_queue", "strict", "the kernel knows of nothing"] {
            #expect(place(message) == "/nowhere/gateway.yaml", "\(message)")
        }
    }

    @Test func `errors come first, and the status is 1`() async throws {
        let text = Self.open.replacing(
            "host: 0.0.0.0", with: "host: 0.0.0.0, port: 0, trusted_proxies: [0.0.0.0/0]")
        let program = Program(environment: workingEnvironment)
        let status = try await withConfiguration(text) { await program.run("doctor", "-c", $0, "--set", "admin.port=0", "--json") }
        #expect(status == 1)
        let object = try JSONSerialization.jsonObject(with: Data(program.output.text.utf8)) as? [String: [[String: Any]]]
        let severities = try #require(object?["diagnostics"]?.compactMap { $0["severity"] as? String })
        #expect(severities.first == "error" && severities.last == "warning")
        #expect(severities == severities.sorted())
        let filed = (object?["diagnostics"] ?? []).filter { ($0["file"] as? String)?.hasSuffix("gateway.yaml") == true }
            .map { ($0["severity"] as? String ?? "", $0["line"] as? Int ?? 0, $0["column"] as? Int ?? 0) }
        #expect(filed.count > 3)
        #expect(zip(filed, filed.dropFirst()).allSatisfy { $0 <= $1 }, "\(filed)")
    }

    @Test func `warnings alone are status 0, and a wrong configuration is 78`() async throws {
        let program = Program(environment: workingEnvironment)
        try await withConfiguration(Self.open) { file in
            #expect(
                await program.run("doctor", "-c", file, "--set", "server.port=0", "--set", "admin.port=0") == 0, "\(program.error.text)")
            #expect(program.error.text.contains("warning[exposed]"))
            #expect(await program.run("doctor", "-c", file, "--set", "server.prot=0") == 78)
        }
    }
}
