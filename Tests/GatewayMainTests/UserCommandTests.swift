import Foundation
import GatewayKit
import GatewayServer
import Testing

@testable import GatewayMain

/// `gateway user`, with a module in the place of `jwt` that writes revocations down.
@Suite struct UserCommandTests {
    private static let configuration = """
        version: 1
        server: {host: 127.0.0.1, port: 0}
        auth: {required: false}
        pipeline: {auth: [note], route: [authorization], pubsub: memory, http: [accounts]}
        modules:
          note: {file: revoked.txt}
          authorization: {rules: []}
        """

    /// Runs one line of the program, with what is typed; answers status, output and errors.
    private func run(_ file: String, _ words: String..., typing lines: [String] = [], isPerson: Bool = false) async -> (
        Int32, [String], String
    ) {
        let program = Program(modules: BuiltInModules.all + [Note.self], isInteractive: isPerson)
        for line in lines { program.type(line) }
        program.endInput()
        let status = await program.run(["user"] + words + ["-c", file])
        return (status, program.output.lines, program.error.text)
    }

    private func notes(_ file: String) -> [String] {
        let path = URL(filePath: file).deletingLastPathComponent().appending(path: "revoked.txt")
        return (try? String(contentsOf: path, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
    }

    @Test func `a user is added, listed, changed and removed`() async throws {
        try await withConfiguration(Self.configuration) { file in
            let (added, output, errors) = await run(file, "add", "Ann@Example.com", "--role", "admin", typing: ["correct horse"])
            #expect(added == 0 && errors == "")
            let id = try #require(output.first)
            #expect(output.count == 1 && id.count == 36)
            let list = await run(file, "list")
            #expect(list.0 == 0 && list.1.count == 1)
            #expect(list.1.first?.hasPrefix(id) == true && list.1.first?.hasSuffix("ann@example.com  admin") == true)

            #expect(await run(file, "roles", "ann@example.com", "editor", "writer").0 == 0)
            #expect(await run(file, "list").1.first?.hasSuffix("editor writer") == true)
            #expect(await run(file, "passwd", "ann@example.com", typing: ["another horse"]).0 == 0)
            #expect(await run(file, "remove", "ann@example.com").0 == 0)
            #expect(await run(file, "list").1 == [])
            #expect(notes(file) == ["user \(id)", "user \(id)", "user \(id)"])
        }
    }

    @Test func `where there are no users the list says where, and makes no file`() async throws {
        try await withConfiguration(Self.configuration) { file in
            let database = URL(filePath: file).deletingLastPathComponent().appending(path: "data/accounts.sqlite").path
            let (status, output, errors) = await run(file, "list")
            #expect(status == 0 && output == [])
            #expect(errors.contains("no users in \(database)"))
            #expect(!FileManager.default.fileExists(atPath: database))
        }
    }

    @Test func `what is wrong is told, with status 1`() async throws {
        try await withConfiguration(Self.configuration) { file in
            #expect(await run(file, "add", "ann@example.com", typing: ["correct horse"]).0 == 0)
            let again = await run(file, "add", "ann@example.com", typing: ["correct horse"])
            #expect(again.0 == 1 && again.2.contains("there is a user ann@example.com already"))
            let short = await run(file, "add", "bob@example.com", typing: ["short"])
            #expect(short.0 == 1 && short.2.contains("the password has 5 bytes") && !short.2.contains("short\n"))
            let none = await run(file, "add", "bob@example.com")
            #expect(none.0 == 1 && none.2.contains("there is no password"))
            for unknown in [
                await run(file, "remove", "bob@example.com"), await run(file, "roles", "bob@example.com", "admin"),
                await run(file, "passwd", "bob@example.com", typing: ["correct horse"]),
            ] {
                #expect(unknown.0 == 1 && unknown.2.contains("there is no user bob@example.com"))
            }
            #expect(await run(file, "roles", "ann@example.com").0 == 1)
            #expect(notes(file) == [])
        }
    }

    @Test func `a person types the password twice`() async throws {
        try await withConfiguration(Self.configuration) { file in
            let other = await run(file, "add", "ann@example.com", typing: ["correct horse", "corect horse"], isPerson: true)
            #expect(other.0 == 1 && other.2.contains("not the same"))
            #expect(await run(file, "add", "ann@example.com", typing: ["correct horse"], isPerson: true).0 == 1)
            #expect(await run(file, "add", "ann@example.com", typing: ["correct horse", "correct horse"], isPerson: true).0 == 0)
        }
    }

    @Test func `a password that was no UTF-8 is refused`() async throws {
        try await withConfiguration(Self.configuration) { file in
            let (status, _, errors) = await run(file, "add", "ann@example.com", typing: ["correct h\u{FFFD}rse"])
            #expect(status == 1 && errors.contains("not valid UTF-8"))
        }
    }

    @Test func `a verb hands over what the one before could not`() async throws {
        try await withConfiguration(Self.configuration) { file in
            let (_, output, _) = await run(file, "add", "ann@example.com", typing: ["correct horse"])
            let id = try #require(output.first)
            let blocked = URL(filePath: file).deletingLastPathComponent().appending(path: "revoked.txt")
            try FileManager.default.createDirectory(at: blocked.appending(path: "x"), withIntermediateDirectories: true)
            #expect(await run(file, "remove", "ann@example.com").0 != 0)
            try FileManager.default.removeItem(at: blocked)
            #expect(await run(file, "remove", "ann@example.com").2.contains("there is no user"))
            #expect(notes(file) == ["user \(id)"])
        }
    }

    @Test(
        arguments: [
            (.dead, "the change counts from its next start on"), (.silent, "did not answer within 5 s"),
            (.closing, "as a gateway does, or went away"),
            (.saying("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "answered HTTP 404"),
            (.saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), "the gateway did not take it: look at its log"),
            (.disconnected(0), "no connection was left to close"), (.disconnected(1), "1 connection closed"),
            (.disconnected(-1), "answered HTTP 200"),
        ] as [(SocketManner, String)])
    func `a change does not need who listens on the socket, and says what became of it`(manner: SocketManner, words: String) async throws {
        try await withSocket(manner) { path in
            try await withConfiguration(Self.configuration + "\nadmin: {socket: \(path)}") { file in
                let (_, output, _) = await run(file, "add", "ann@example.com", typing: ["correct horse"])
                let id = try #require(output.first)
                let (status, told, errors) = await run(file, "roles", "ann@example.com", "editor")
                #expect(status == 0)
                #expect((told.joined() + errors).contains(words))
                #expect(notes(file) == ["user \(id)"])
            }
        }
    }

    @Test func `without a socket a verb says when a gateway that runs notices`() async throws {
        try await withConfiguration(Self.configuration) { file in
            #expect(await run(file, "add", "ann@example.com", typing: ["correct horse"]).0 == 0)
            #expect(
                await run(file, "remove", "ann@example.com").1.joined().contains(
                    "no admin socket: a gateway that runs closes the connections within a second"))
        }
    }

    @Test func `a verb wants the variables of the modules that it makes, and of no other`() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../gateway.yaml").standardized
        try await withConfiguration(try String(contentsOf: file, encoding: .utf8)) { file in
            let secret = ["JWT_SECRET": "a secret for tests alone, 32 bytes or more"]
            let adding = Program()
            adding.type("correct horse")
            #expect(await adding.run("user", "add", "ann@example.com", "-c", file, "--profile", "prod") == 0, "\(adding.error.text)")
            let without = Program()
            #expect(await without.run("user", "remove", "ann@example.com", "-c", file, "--profile", "prod") == 78)
            #expect(without.error.text.contains("JWT_SECRET is not set") && !without.error.text.contains("APP_ORIGIN"))
            let removing = Program(environment: secret)
            #expect(await removing.run("user", "remove", "ann@example.com", "-c", file, "--profile", "prod") == 0)
            let minting = Program(environment: secret)
            #expect(await minting.run("token", "mint", "--user", "ann", "-c", file, "--profile", "prod") == 0)
            // Who serves needs all of them.
            let checking = Program(environment: secret)
            #expect(await checking.run("check", "-c", file, "--profile", "prod") == 78)
            #expect(checking.error.text.contains("APP_ORIGIN is not set"))
        }
    }

    @Test func `a configuration without accounts is status 78 and says what to write`() async throws {
        try await withConfiguration(Self.configuration.replacing(", http: [accounts]", with: "")) { file in
            let (status, _, errors) = await run(file, "list")
            #expect(status == 78)
            #expect(errors.contains("http: [accounts]"))
        }
    }

    @Test func `where nobody can revoke, nothing is changed`() async throws {
        try await withConfiguration(Self.configuration) { file in
            #expect(await run(file, "add", "ann@example.com", typing: ["correct horse"]).0 == 0)
            let broken = Self.configuration.replacing("revoked.txt", with: "missing/revoked.txt")
            try broken.write(toFile: file, atomically: true, encoding: .utf8)
            let (status, _, errors) = await run(file, "remove", "ann@example.com")
            #expect(status == 78)
            #expect(errors.contains("modules.note"))
            #expect(await run(file, "list").1.count == 1)
        }
    }
}

/// Provides what `accounts` needs, and notes each revocation in a file.
private struct Note: AuthStage, TokenIssuer, TokenRevocations {
    struct Settings: GatewayKit.Settings {
        var file = FilePath("")
        static let fields: [SettingField<Self>] = [SettingField("file", \.file, required: true, "Where revocations are noted.")]
    }

    static let name = "note"
    static let summary = "Notes revocations."
    static let provides = [Capability.tokenIssuer.name, Capability.tokenRevocations.name]
    private let settings: Settings

    init(settings: Settings, context: ModuleContext) {
        self.settings = settings
        context.provide(.tokenIssuer, self as any TokenIssuer)
        context.provide(.tokenRevocations, self as any TokenRevocations)
    }

    func start() async throws {
        let folder = URL(filePath: settings.file.path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else { throw ModuleError("cannot write there") }
    }

    func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict { .abstain }

    func issueToken(subject: String, claims: [String: JSONValue], timeToLive: Duration) async throws -> String { "" }

    func revoke(_ revocations: [Revocation]) async throws {
        for revocation in revocations {
            guard case .user(let id, let until) = revocation.tokens, until <= GatewayClock.system.timestamp else { continue }
            let before = (try? String(contentsOfFile: settings.file.path, encoding: .utf8)) ?? ""
            try (before + "user \(id)\n").write(toFile: settings.file.path, atomically: true, encoding: .utf8)
        }
    }

    func current() async -> [Revocation] { [] }

    func isRevoked(_ principal: Principal) -> Bool { false }

    func observe(_ observer: @escaping @Sendable (Revocation) -> Void) {}
}
