import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayServer
import JWTModule
import Testing

@testable import GatewayMain

@Suite struct TokenCheckCommandTests {
    private static let text = """
        pipeline: {auth: [jwt], route: [authorization]}
        modules:
          jwt: {secret: "${SECRET}", issuer: me, revocations: revocations.sqlite}
          authorization: {rules: []}
        """

    private func mint(_ file: String, _ words: String...) async -> String {
        let program = Program(environment: workingEnvironment)
        #expect(await program.run(["token", "mint", "-c", file, "--user", "alice"] + words) == 0)
        return program.output.text
    }

    @Test func `a good token is told in words, and is not printed`() async throws {
        try await withConfiguration(Self.text) { file in
            let token = await mint(file, "--role", "admin", "--ttl", "8h")
            let program = Program(environment: workingEnvironment)
            program.type("  \(token) ")
            program.endInput()
            #expect(await program.run("token", "check", "-c", file, "-") == 0)
            let text = program.output.text
            #expect(text.contains(#"header alg  "HS256""#))
            #expect(text.contains("expires in 7 h") || text.contains("expires in 8 h"))
            #expect(text.contains(#"roles       ["admin"]"#))
            #expect(text.contains(#"verdict     good, of the user "alice""#))
            for part in token.split(separator: ".") { #expect(!text.contains(part)) }
            // Reading makes no file.
            let folder = URL(filePath: file).deletingLastPathComponent().path
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files == ["gateway.yaml"])
        }
    }

    @Test(
        arguments: [
            ("issuer=you", "wrong_issuer: iss is \"me\", expected \"you\"", "modules.jwt.issuer, --set modules.jwt.issuer"),
            ("audience=app", "wrong_audience: aud is missing, expected \"app\"", "modules.jwt.audience"),
            (
                "secret=another secret of 32 bytes or even more", "invalid_signature: no key of the gateway has signed it",
                "modules.jwt.secret"
            ),
            ("user_claim=email", "missing_subject: email is missing", "modules.jwt.user_claim"),
        ])
    func `a bad token is told with what was expected, and where`(_ setting: String, _ verdict: String, _ place: String) async throws {
        try await withConfiguration(Self.text) { file in
            let token = await mint(file)
            let program = Program(environment: workingEnvironment)
            #expect(await program.run("token", "check", "-c", file, "--set", "modules.jwt.\(setting)", token) == 1)
            #expect(program.output.text.contains(verdict))
            #expect(program.output.text.contains("look at: \(place)"))
            #expect(program.output.text.contains("help: "))
        }
    }

    @Test(arguments: [
        ("abc", "it has 1 of the three parts"), ("a.b.c", "its header is no JSON"), ("e30.e30.AA", "alg in its header is missing"),
        // {"alg":"HS256","kid":1}
        ("eyJhbGciOiJIUzI1NiIsImtpZCI6MX0.e30.AA", "kid in its header is 1, expected a text"),
        // {"alg":"HS256"} with {"exp":"x"} and with {"iat":1,"nbf":null}
        ("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOiJ4In0.AA", "exp is \"x\", expected a date"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjEsIm5iZiI6bnVsbH0.AA", "nbf is null, expected a date"),
        ("eyJhbGciOiJIUzI1NiJ9.e30.!!", "its signature is no base64url"),
    ])
    func `what is no token is told why`(_ token: String, _ why: String) async throws {
        try await withConfiguration(Self.text) { file in
            let program = Program(environment: workingEnvironment)
            #expect(await program.run("token", "check", "-c", file, token) == 1)
            #expect(program.output.text.contains("malformed: \(why)"))
        }
    }

    @Test func `a revoked token is told to be one`() async throws {
        try await withConfiguration(Self.text) { file in
            let token = await mint(file)
            try await Invocation.$current.withValue(
                Invocation(modules: BuiltInModules.all, environment: workingEnvironment, program: "gateway", terminal: .process)
            ) {
                let request = ConfigurationRequest(file: file, environment: workingEnvironment)
                let result = ConfigurationLoader.load(CoreSettings.self, request, modules: BuiltInModules.all)
                let checked = CheckedConfiguration(
                    configuration: try #require(result.configuration), report: DiagnosticReport(result))
                try await OfflineProvider.tokenRevocations.use(checked) {
                    try await $0.revoke(Revocation(.user("alice", issuedUntil: GatewayClock.system.timestamp)))
                }
            }
            let program = Program(environment: workingEnvironment)
            #expect(await program.run("token", "check", "-c", file, token) == 1)
            #expect(program.output.text.contains("revoked: it was revoked, by its id, its login or its user"))
            #expect(program.output.text.contains("look at: modules.jwt.revocations, \(file):3:"))
            // The file is left as one, without SQLite's log beside it.
            let files = try FileManager.default.contentsOfDirectory(atPath: URL(filePath: file).deletingLastPathComponent().path)
            #expect(files.sorted() == ["gateway.yaml", "revocations.sqlite"])
        }
    }

    @Test func `no token is a command line that makes no sense`() async {
        let program = Program(environment: workingEnvironment)
        program.endInput()
        #expect(await program.run("token", "check", "-") == 64)
        #expect(await program.run("token", "check") == 64)
    }
}
