import GatewayKit
import Testing

@testable import JWTModule

struct TokenClaimTests {
    private static let now = TokenTester.now

    @Test(arguments: [
        ("{}", Reason.missingExpiry), (#"{"sub":"ann"}"#, .missingExpiry), (#"{"exp":1800000900}"#, .missingSubject),
        (#"{"sub":"ann","exp":0}"#, .expired), (#"{"sub":"ann","exp":-5}"#, .expired), (#"{"exp":1,"nbf":1900000000}"#, .expired),
        (#"{"sub":"ann","nbf":1900000000}"#, .notYetValid), (#"{"sub":"ann","exp":1900000001,"nbf":1900000000}"#, .notYetValid),
        (#"{"sub":"ann","exp":1900000001,"iat":1900000000}"#, .notYetValid), (#"{"sub":"","exp":1800000900}"#, .missingSubject),
        (#"{"sub":42,"exp":1800000900}"#, .missingSubject), (#"{"sub":["ann"],"exp":1800000900}"#, .missingSubject),
        (#"{"sub":"\#(String(repeating: "a", count: 256))","exp":1800000900}"#, .missingSubject),
        (#"{"sub":"ann","exp":1800000900,"token_use":"refresh"}"#, .wrongTokenUse),
        (#"{"exp":1800000900,"token_use":"refresh"}"#, .wrongTokenUse),
    ])
    func `claims are refused with the first reason that applies`(_ claims: String, _ reason: Reason) async throws {
        #expect(try await TokenTester().reason(claims: claims) == reason)
    }

    @Test(arguments: [
        #"{"sub":"ann","exp":1800000900.5}"#, #"{"sub":"ann","exp":1.8000009e9,"nbf":1800000000,"iat":1800000000}"#,
        #"{"sub":"ann","exp":1800000900,"token_use":"access"}"#, #"{"sub":"\#(String(repeating: "a", count: 255))","exp":1800000900}"#,
        #"{"sub":"ann","exp":1800000900,"aud":["x"],"iss":7}"#,
    ])
    func `claims that nothing is wrong with are accepted`(_ claims: String) async throws {
        #expect(try await TokenTester().reason(claims: claims) == nil)
    }

    @Test(arguments: [(-6, .expired), (-5, .expired), (-4, nil), (0, nil), (1, nil)] as [(Int64, Reason?)])
    func `a token is good until its expiry plus leeway`(_ seconds: Int64, _ reason: Reason?) async throws {
        #expect(try await TokenTester().reason(claims: #"{"sub":"ann","exp":\#(Self.now + seconds)}"#) == reason)
    }

    @Test(arguments: ["nbf", "iat"])
    func `a token is good from its start less leeway`(_ claim: String) async throws {
        let tester = try TokenTester()
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"\#(claim)":\#(Self.now + 5)}"#) == nil)
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"\#(claim)":\#(Self.now + 6)}"#) == .notYetValid)
    }

    @Test func `the leeway is a setting`() async throws {
        let tester = try TokenTester { $0.leeway = .zero }
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":\#(Self.now)}"#) == .expired)
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":\#(Self.now + 1)}"#) == nil)
        #expect(try await tester.principal(TokenTester.token()).leeway == .zero)
    }

    @Test(arguments: [
        (#""aud":"\u212Aim","iss":"Kim""#, Reason.wrongAudience), (#""aud":["\u212Aim"],"iss":"Kim""#, .wrongAudience),
        (#""aud":"Kim","iss":"\u212Aim""#, .wrongIssuer),
    ])
    func `names are compared byte by byte`(_ claims: String, _ reason: Reason) async throws {
        let tester = try TokenTester {
            $0.audience = "Kim"
            $0.issuer = "Kim"
        }
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,\#(claims)}"#) == reason)
    }

    @Test func `the user's claim has exactly its name`() async throws {
        let tester = try TokenTester { $0.userClaim = "Kim" }
        #expect(try await tester.reason(claims: #"{"\u212Aim":"ann","exp":1800000900}"#) == .missingSubject)
    }

    @Test(arguments: [#""gateway""#, #"["other","gateway"]"#])
    func `the audience is named alone or in a list`(_ audience: String) async throws {
        let tester = try TokenTester { $0.audience = "gateway" }
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"aud":\#(audience)}"#) == nil)
    }

    @Test(arguments: ["null", #""other""#, #""gateways""#, "[]", #"["other"]"#, #"[["gateway"]]"#, #"{"gateway":true}"#, "1"])
    func `another audience is refused`(_ audience: String) async throws {
        let tester = try TokenTester { $0.audience = "gateway" }
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"aud":\#(audience)}"#) == .wrongAudience)
    }

    @Test(arguments: ["null", #""other""#, #"["https://id.example.com"]"#, "1"])
    func `another issuer is refused, before the audience`(_ issuer: String) async throws {
        let tester = try TokenTester {
            $0.issuer = "https://id.example.com"
            $0.audience = "gateway"
        }
        #expect(try await tester.reason(claims: #"{"sub":"ann","exp":1800000900,"iss":\#(issuer)}"#) == .wrongIssuer)
        #expect(try await tester.reason(claims: #"{"exp":1800000900,"iss":"https://id.example.com"}"#) == .wrongAudience)
        let good = #"{"sub":"ann","exp":1800000900,"iss":"https://id.example.com","aud":"gateway"}"#
        #expect(try await tester.reason(claims: good) == nil)
    }

    @Test func `the user comes from the claim that the settings name`() async throws {
        let tester = try TokenTester { $0.userClaim = "email" }
        let claims = #"{"sub":"1","email":"ann@example.com","exp":1800000900}"#
        #expect(try await tester.principal(TokenTester.token(claims: claims)).userID == "ann@example.com")
        #expect(try await tester.reason(claims: #"{"sub":"1","exp":1800000900}"#) == .missingSubject)
    }

    @Test func `a principal has every claim, its times and its id`() async throws {
        let claims =
            #"{"sub":"ann","exp":1800000900,"iat":1799999990.25,"jti":"t1","n":1.5,"big":9e18,"roles":["a",{"b":[null,false]}],"s":"\u00e9\ud83d\ude00\n"}"#
        let principal = try await TokenTester().principal(TokenTester.token(claims: claims))
        #expect(principal.userID == "ann")
        #expect(principal.expiresAt == Timestamp(milliseconds: 1_800_000_900_000))
        #expect(principal.issuedAt == Timestamp(milliseconds: 1_799_999_990_250))
        #expect(principal.leeway == .seconds(5))
        #expect(principal.tokenID == "t1")
        #expect(principal.claims["roles"] == .array([.string("a"), .object(["b": .array([.null, .bool(false)])])]))
        #expect(principal.claims["n"] == .number(1.5))
        #expect(principal.claims["big"] == .number(9e18))
        #expect(principal.claims["s"] == .string("é😀\n"))
        #expect(principal.claims["exp"] == .integer(1_800_000_900))
        #expect(principal.claims.count == 8)
    }
}
