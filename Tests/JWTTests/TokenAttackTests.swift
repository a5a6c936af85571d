import Foundation
import GatewayKit
import JWTKit
import Testing

@testable import JWTModule

struct TokenAttackTests {
    private static let good = TokenTester.token()

    @Test func `a good token is accepted at once`() async throws {
        #expect(try TokenTester().answersAtOnce(Self.good))
        #expect(try await TokenTester().reason(Self.good) == nil)
    }

    @Test(arguments: [
        "", ".", "..", "...", "a", "a.b", good + ".", "." + good, good + ".x", good.replacing(".", with: ".."), " " + good, good + "\n",
        good + "=", String(good.dropLast(43)) + "!", "Bearer " + good, TokenTester.encoded(#"{"alg":"HS256"}"#) + "..", "é.ü.ö",
        "e30.e30.", String(repeating: "a", count: 9000), good + String(repeating: "A", count: 8192),
    ])
    func `what is no token is malformed`(_ token: String) async throws {
        #expect(try await TokenTester().reason(token) == .malformed)
    }

    @Test(arguments: [
        "null", "[]", "\"HS256\"", "{}", #"{"alg":null}"#, #"{"alg":1}"#, #"{"alg":["HS256"]}"#, #"{"alg":"HS256","alg":"none"}"#,
        #"{"alg":"HS256","kid":1}"#, #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"HS256"} x"#, #"{"alg":"HS256",}"#,
        "{\"alg\":\"HS256\u{0}\"}",
    ])
    func `a header that is none is malformed`(_ header: String) async throws {
        #expect(try await TokenTester().reason(TokenTester.token(header: header)) == .malformed)
    }

    @Test(arguments: [
        "", "null", "[]", "1", "\"ann\"", #"{"sub":"ann","exp":"1800000900"}"#, #"{"sub":"ann","exp":null}"#, #"{"sub":"ann","exp":NaN}"#,
        #"{"sub":"ann","exp":Infinity}"#, #"{"sub":"ann","exp":1e300}"#, #"{"sub":"ann","exp":1e400}"#, #"{"sub":"ann","exp":-1e300}"#,
        #"{"sub":"ann","exp":99999999999999999999}"#, #"{"sub":"ann","exp":[1800000900]}"#, #"{"sub":"ann","exp":true}"#,
        #"{"sub":"ann","exp":1800000900,"nbf":"now"}"#, #"{"sub":"ann","exp":1800000900,"iat":{}}"#,
        #"{"sub":"ann","sub":"bob","exp":1800000900}"#, #"{"sub":"ann","exp":1800000900,"a":"\ud800"}"#,
        #"{"sub":"ann","exp":1800000900,"a":\#(String(repeating: "[", count: 64))\#(String(repeating: "]", count: 64))}"#,
        #"{"sub":"ann","exp":1800000900,"a":\#(String(repeating: #"{"a":"#, count: 500))"#,
    ])
    func `claims that cannot be read are malformed`(_ claims: String) async throws {
        #expect(try await TokenTester().reason(claims: claims) == .malformed)
    }

    @Test func `the largest token is read, and one byte more is not`() async throws {
        func token(_ count: Int) -> String {
            TokenTester.token(claims: #"{"sub":"ann","exp":1800000900,"x":"\#(String(repeating: "x", count: count))"}"#)
        }
        let count = try #require((5000...8192).last { token($0).utf8.count <= 8192 })
        #expect(try await TokenTester().reason(token(count)) == nil)
        #expect(try await TokenTester().reason(token(count + 1)) == .malformed)
    }

    @Test(arguments: ["none", "None", "NONE", "", "hs256", "HS384", "HS512", "RS256", "ES256", "EdDSA", "HS256 "])
    func `an algorithm that is not listed is refused`(_ algorithm: String) async throws {
        let signed = TokenTester.token(header: #"{"alg":"\#(algorithm)"}"#)
        let unsigned = signed.split(separator: ".").prefix(2).joined(separator: ".") + "."
        #expect(try await TokenTester().reason(signed) == .wrongAlgorithm)
        #expect(try await TokenTester().reason(unsigned) == .wrongAlgorithm)
    }

    @Test func `a token without its signature is refused`() async throws {
        let unsigned = Self.good.split(separator: ".").prefix(2).joined(separator: ".") + "."
        #expect(try await TokenTester().reason(unsigned) == .invalidSignature)
    }

    @Test(arguments: [0, 1, 2])
    func `a changed part is refused`(_ index: Int) async throws {
        var parts = Self.good.split(separator: ".").map(String.init)
        let other = TokenTester.token(
            header: #"{"typ":"JWT","alg":"HS256"}"#, claims: #"{"sub":"root","exp":1800000900}"#, secret: "another")
        parts[index] = other.split(separator: ".").map(String.init)[index]
        #expect(try await TokenTester().reason(parts.joined(separator: ".")) == .invalidSignature)
    }

    @Test(arguments: [1, 16, 31, 33, 64])
    func `a signature of another length is refused`(_ count: Int) async throws {
        let parts = Self.good.split(separator: ".")
        let signature = Base64.encode([UInt8](repeating: 0, count: count), .url)
        #expect(try await TokenTester().reason("\(parts[0]).\(parts[1]).\(signature)") == .invalidSignature)
    }

    @Test func `a signature has one spelling only`() async throws {
        // The last character of 32 bytes has two bits that stand for nothing.
        let last = try #require(Self.good.last)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let place = try #require(alphabet.firstIndex(of: last))
        #expect(try await TokenTester().reason(String(Self.good.dropLast()) + String(alphabet[place + 1])) == .malformed)
    }

    @Test func `another secret's token is refused`() async throws {
        #expect(try await TokenTester().reason(TokenTester.token(secret: TokenTester.secret + "x")) == .invalidSignature)
    }

    @Test func `a public key is never a secret`() async throws {
        let folder = try TemporaryFolder()
        let pem = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa).publicKey.pemRepresentation
        var settings = JWTSettings()
        settings.algorithms = [.rs256]
        settings.publicKeys = [try folder.write(pem)]
        let tester = try TokenTester(settings)
        for secret in [pem, pem + "\n", try Insecure.RSA.PrivateKey(pem: TestKeys.rsa).publicKey.derRepresentation.base64EncodedString()] {
            #expect(try await tester.reason(TokenTester.token(secret: secret)) == .wrongAlgorithm)
            #expect(try await tester.reason(TokenTester.token(header: #"{"alg":"RS256"}"#, secret: secret)) == .invalidSignature)
        }
        #expect(try await tester.reason(TokenTester.token(header: #"{"alg":"none"}"#)) == .wrongAlgorithm)
    }

    @Test func `a key that the token itself brings does not count`() async throws {
        let header = #"{"alg":"HS256","jwk":{"kty":"oct","k":"eHh4"},"jku":"https://example.com/keys","x5u":"https://example.com"}"#
        #expect(try await TokenTester().reason(TokenTester.token(header: header, secret: "xxx")) == .invalidSignature)
    }
}
