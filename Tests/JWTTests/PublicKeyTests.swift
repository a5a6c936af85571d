import Crypto
import Foundation
import GatewayKit
import JWTKit
import Testing

@testable import JWTModule

/// Tokens signed by JWTKit, checked by the module.
struct PublicKeyTests {
    private struct Claims: JWTPayload {
        var sub = "ann"
        var exp = TokenTester.now + 900

        func verify(using algorithm: some JWTKit.JWTAlgorithm) async throws {}
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func tester(_ algorithm: SigningAlgorithm, _ pem: String...) throws -> TokenTester {
        var settings = JWTSettings()
        settings.algorithms = [algorithm]
        settings.publicKeys = try pem.enumerated().map { try folder.write($1, to: "\($0).pem") }
        return try TokenTester(settings)
    }

    private func token(kid: String? = nil, _ add: (JWTKeyCollection) async -> Void) async throws -> String {
        let keys = JWTKeyCollection()
        await add(keys)
        var header = JWTHeader()
        if let kid { header.kid = kid }
        return try await keys.sign(Claims(), header: header)
    }

    @Test(arguments: [
        (SigningAlgorithm.rs256, DigestAlgorithm.sha256), (.rs384, .sha384), (.rs512, .sha512), (.ps256, .sha256), (.ps384, .sha384),
        (.ps512, .sha512),
    ])
    func `an RSA signature is checked`(_ algorithm: SigningAlgorithm, _ digest: DigestAlgorithm) async throws {
        let key = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa)
        let token = try await token {
            if algorithm.rawValue.hasPrefix("P") {
                await $0.add(pss: key, digestAlgorithm: digest)
            } else {
                await $0.add(rsa: key, digestAlgorithm: digest)
            }
        }
        let tester = try tester(algorithm, key.publicKey.pemRepresentation)
        #expect(try await tester.principal(token).userID == "ann")
        #expect(try await tester.reason(changed(token)) == .invalidSignature)
    }

    @Test func `an elliptic signature is checked on each curve`() async throws {
        let (p256, p384, p521) = (ES256PrivateKey(), ES384PrivateKey(), ES512PrivateKey())
        let pems = [p256.publicKey.pemRepresentation, p384.publicKey.pemRepresentation, p521.publicKey.pemRepresentation]
        let tokens = [
            try await token { await $0.add(ecdsa: p256) }, try await token { await $0.add(ecdsa: p384) },
            try await token { await $0.add(ecdsa: p521) },
        ]
        for (index, algorithm) in [SigningAlgorithm.es256, .es384, .es512].enumerated() {
            let tester = try tester(algorithm, pems[index])
            #expect(try await tester.reason(tokens[index]) == nil)
            #expect(try await tester.reason(changed(tokens[index])) == .invalidSignature)
            #expect(try await tester.reason(tokens[(index + 1) % 3]) == .wrongAlgorithm)
        }
    }

    @Test func `an Ed25519 signature is checked`() async throws {
        let key = try EdDSA.PrivateKey()
        let token = try await token { await $0.add(eddsa: key) }
        let tester = try tester(.edDSA, key.publicKey.pemRepresentation)
        #expect(!tester.answersAtOnce(token))
        #expect(try await tester.reason(token) == nil)
        #expect(try await tester.reason(changed(token)) == .invalidSignature)
    }

    @Test func `another key's token is refused`() async throws {
        let token = try await token { await $0.add(ecdsa: ES256PrivateKey()) }
        #expect(try await tester(.es256, ES256PrivateKey().publicKey.pemRepresentation).reason(token) == .invalidSignature)
    }

    @Test func `any of several keys will do`() async throws {
        let (old, new) = (ES256PrivateKey(), ES256PrivateKey())
        let tester = try tester(.es256, old.publicKey.pemRepresentation, new.publicKey.pemRepresentation)
        #expect(try await tester.reason(token { await $0.add(ecdsa: old) }) == nil)
        #expect(try await tester.reason(token { await $0.add(ecdsa: new) }) == nil)
        #expect(try await tester.reason(token(kid: "any") { await $0.add(ecdsa: new) }) == nil)
    }

    @Test func `a key is used for its own algorithm only`() async throws {
        var settings = JWTSettings()
        settings.algorithms = [.rs256, .es256]
        let rsa = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa)
        settings.publicKeys = [try folder.write(rsa.publicKey.pemRepresentation)]
        #expect(try await TokenTester(settings).reason(token { await $0.add(ecdsa: ES256PrivateKey()) }) == .wrongAlgorithm)
        #expect(try await TokenTester(settings).reason(token { await $0.add(rsa: rsa, digestAlgorithm: .sha512) }) == .wrongAlgorithm)
    }

    @Test func `certificates and old forms hold keys too`() async throws {
        let rsa = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa)
        let rsaToken = try await token { await $0.add(rsa: rsa, digestAlgorithm: .sha256) }
        for pem in [
            TestKeys.rsaCertificate, TestKeys.rsaPublicTraditional, "a comment\n" + TestKeys.rsaCertificate.replacing("\n", with: "\r\n"),
        ] {
            #expect(try await tester(.rs256, pem).reason(rsaToken) == nil)
        }
        let ec = try ES256PrivateKey(pem: String(TestKeys.ec.split(separator: "-----END EC PARAMETERS-----\n")[1]))
        #expect(try await tester(.es256, TestKeys.ecCertificate).reason(token { await $0.add(ecdsa: ec) }) == nil)
        let ed = try EdDSA.PrivateKey(pem: TestKeys.ed25519)
        #expect(try await tester(.edDSA, TestKeys.ed25519Certificate).reason(token { await $0.add(eddsa: ed) }) == nil)
    }

    @Test func `a key set is searched by kid`() async throws {
        let (first, second) = (ES256PrivateKey(), try EdDSA.PrivateKey())
        var settings = JWTSettings()
        settings.algorithms = [.es256, .edDSA]
        settings.jwks = KeySetLocation(try folder.write(keySet(first, second)))
        let tester = try TokenTester(settings)
        #expect(try await tester.reason(token(kid: "one") { await $0.add(ecdsa: first) }) == nil)
        #expect(try await tester.reason(token(kid: "two") { await $0.add(eddsa: second) }) == nil)
        #expect(try await tester.reason(token { await $0.add(eddsa: second) }) == nil)
        #expect(try await tester.reason(token(kid: "two") { await $0.add(ecdsa: first) }) == .wrongAlgorithm)
        #expect(try await tester.reason(token(kid: "three") { await $0.add(ecdsa: first) }) == .invalidSignature)
        #expect(try await tester.reason(token(kid: "one") { await $0.add(ecdsa: ES256PrivateKey()) }) == .invalidSignature)
        // What is for encryption, symmetric or unknown is left out, with a word.
        #expect(tester.logs.all.count == 3)
    }

    @Test func `a key set pins an RSA key to its alg`() async throws {
        let key = try Insecure.RSA.PrivateKey(pem: TestKeys.rsa)
        let numbers = try key.publicKey.getKeyPrimitives()
        let (n, e) = (Base64.encode(numbers.modulus, .url), Base64.encode(numbers.publicExponent, .url))
        var settings = JWTSettings()
        settings.algorithms = [.rs256, .rs512]
        settings.jwks = KeySetLocation(try folder.write(#"{"keys":[{"kty":"RSA","alg":"RS512","n":"\#(n)","e":"\#(e)"}]}"#))
        let tester = try TokenTester(settings)
        #expect(try await tester.reason(token { await $0.add(rsa: key, digestAlgorithm: .sha512) }) == nil)
        #expect(try await tester.reason(token { await $0.add(rsa: key, digestAlgorithm: .sha256) }) == .wrongAlgorithm)
    }

    /// The token with a bit of its signature turned.
    private func changed(_ token: String) throws -> String {
        let parts = token.split(separator: ".")
        var signature = try #require(Base64.decode(Array(parts[2].utf8)[...], .url))
        signature[7] ^= 1
        return "\(parts[0]).\(parts[1]).\(Base64.encode(signature, .url))"
    }

    private func keySet(_ first: ES256PrivateKey, _ second: EdDSA.PrivateKey) throws -> String {
        let point = try #require(first.publicKey.parameters)
        func url(_ text: String) -> String { text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "") }
        let x = Base64.encode(second.publicKey.rawRepresentation, .url)
        return """
            {"keys": [
              {"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": "\(url(point.x))", "y": "\(url(point.y))"},
              {"kty": "OKP", "crv": "Ed25519", "kid": "two", "key_ops": ["verify"], "x": "\(x)"},
              {"kty": "OKP", "crv": "Ed25519", "kid": "three", "use": "enc", "x": "\(x)"},
              {"kty": "oct", "kid": "three", "k": "c2VjcmV0"},
              {"kty": "EC", "crv": "secp256k1", "kid": "three"}
            ]}
            """
    }
}
