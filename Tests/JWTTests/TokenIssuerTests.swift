import GatewayKit
import Testing

@testable import JWTModule

struct TokenIssuerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `an issued token is accepted with its claims`() async throws {
        let tester = try TokenTester {
            $0.issuer = "https://id.example.com"
            $0.audience = "gateway"
        }
        let claims: [String: JSONValue] = [
            "roles": .array([.string("admin"), .integer(-1)]), "name": .string("Ann \"A\"\n\u{7f}é😀"), "ratio": .number(1e300),
            "deep": .object(["a": .null, "b": .bool(true)]),
        ]
        let token = try await tester.issuer.issueToken(subject: "ann", claims: claims, timeToLive: .seconds(60))
        let principal = try await tester.principal(token)
        #expect(principal.userID == "ann")
        #expect(principal.issuedAt == Timestamp(milliseconds: TokenTester.now * 1000))
        #expect(principal.expiresAt == Timestamp(milliseconds: (TokenTester.now + 60) * 1000))
        #expect(principal.claims.filter { claims[$0.key] != nil } == claims)
        #expect(principal.claims["iss"] == .string("https://id.example.com"))
        #expect(principal.claims["aud"] == .string("gateway"))
        #expect(principal.claims["sub"] == .string("ann"))
    }

    @Test func `every token has an id of its own`() async throws {
        let tester = try TokenTester()
        let first = try await tester.principal(tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60)))
        let second = try await tester.principal(tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60)))
        #expect(first.tokenID?.count == 36)
        #expect(first.tokenID != second.tokenID)
    }

    @Test func `whoever has to know a token's id gives it`() async throws {
        let tester = try TokenTester()
        let token = try await tester.issuer.issueToken(subject: "ann", claims: ["jti": .string("mine")], timeToLive: .seconds(60))
        #expect(try await tester.principal(token).tokenID == "mine")
    }

    @Test(arguments: [0, 256]) func `an id that could not be revoked is not signed`(count: Int) async throws {
        let tester = try TokenTester()
        let id = JSONValue.string(String(repeating: "a", count: count))
        await #expect(throws: ModuleError.self) {
            try await tester.issuer.issueToken(subject: "ann", claims: ["jti": id], timeToLive: .seconds(60))
        }
    }

    @Test func `claims win over none of the generated ones`() async throws {
        let tester = try TokenTester()
        let claims = Dictionary(uniqueKeysWithValues: ["sub", "exp", "iat", "jti"].map { ($0, JSONValue.integer(1)) })
        let principal = try await tester.principal(tester.issuer.issueToken(subject: "ann", claims: claims, timeToLive: .seconds(60)))
        #expect(principal.userID == "ann")
        #expect(principal.tokenID != nil)
    }

    @Test func `the subject goes where the module reads it`() async throws {
        let tester = try TokenTester { $0.userClaim = "email" }
        let token = try await tester.issuer.issueToken(subject: "ann@example.com", claims: [:], timeToLive: .seconds(60))
        #expect(try await tester.principal(token).userID == "ann@example.com")
    }

    @Test(arguments: [
        (TestKeys.rsa, SigningAlgorithm.rs256), (TestKeys.rsa, .ps384), (TestKeys.rsaTraditional, .rs512), (TestKeys.ec, .es256),
        (TestKeys.ed25519, .edDSA),
    ])
    func `a private key signs and checks`(_ pem: String, _ algorithm: SigningAlgorithm) async throws {
        var settings = JWTSettings()
        settings.algorithms = [algorithm]
        settings.privateKey = try folder.write(pem)
        let tester = try TokenTester(settings)
        let token = try await tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60))
        #expect(CompactToken(token)?.algorithm == algorithm.rawValue)
        #expect(try await tester.reason(token) == nil)
    }

    @Test func `with public keys alone nothing can be signed`() async throws {
        var settings = JWTSettings()
        settings.algorithms = [.es256]
        settings.publicKeys = [try folder.write(TestKeys.ecCertificate)]
        let issuer = try TokenTester(settings).issuer
        let error = await #expect(throws: ModuleError.self) {
            try await issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(60))
        }
        #expect(error?.setting == "private_key")
    }

    @Test func `a token that would be refused is not signed`() async throws {
        let issuer = try TokenTester().issuer
        let long = String(repeating: "x", count: 8000)
        await #expect(throws: ModuleError.self) { try await issuer.issueToken(subject: "", claims: [:], timeToLive: .seconds(60)) }
        await #expect(throws: ModuleError.self) { try await issuer.issueToken(subject: long, claims: [:], timeToLive: .seconds(60)) }
        await #expect(throws: ModuleError.self) {
            try await issuer.issueToken(subject: "ann", claims: ["x": .string(long)], timeToLive: .seconds(60))
        }
    }

    @Test func `a short life is not over at once, and a past one is`() async throws {
        let tester = try TokenTester { $0.leeway = .zero }
        let short = try await tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .milliseconds(1))
        #expect(try await tester.reason(short) == nil)
        let past = try await tester.issuer.issueToken(subject: "ann", claims: [:], timeToLive: .seconds(-60))
        #expect(try await tester.reason(past) == .expired)
    }
}
