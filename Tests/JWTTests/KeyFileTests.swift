import Foundation
import GatewayKit
import JWTKit
import Testing

@testable import JWTModule

struct KeyFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The error that the module fails with.
    private func failure(_ change: (inout JWTSettings) throws -> Void) throws -> ModuleError {
        var settings = JWTSettings()
        settings.algorithms = [.rs256]
        try change(&settings)
        return try #require(throws: ModuleError.self) { _ = try TokenTester(settings) }
    }

    @Test func `a file that is not there is named`() throws {
        let file = folder.file("none.pem")
        for error in [
            try failure { $0.publicKeys = [file] }, try failure { $0.jwks = KeySetLocation(file) }, try failure { $0.privateKey = file },
        ] {
            #expect(error.code == .unreadableFile)
            #expect(error.message == "cannot read \(file): No such file or directory")
            #expect(error.help?.hasPrefix("name a file that is there") == true)
        }
        #expect(try failure { $0.publicKeys = [file] }.setting == "public_keys")
    }

    @Test func `a folder is no key`() throws {
        #expect(try failure { $0.publicKeys = [FilePath(folder.path)] }.code == .unreadableFile)
    }

    @Test func `a file over 1 MiB is no key`() throws {
        let file = try folder.write(String(repeating: "x", count: 1 << 20 + 1))
        #expect(try failure { $0.publicKeys = [file] }.code == .unreadableFile)
    }

    @Test func `a weak RSA key is refused`() throws {
        let certificate = try failure { $0.publicKeys = [try folder.write(TestKeys.weakPublic)] }
        #expect(certificate.code == .weakSecret)
        #expect(certificate.message.hasSuffix("holds an RSA key of 1024 bits, and 2048 is the least"))
        #expect(try failure { $0.privateKey = try folder.write(TestKeys.weak) }.code == .weakSecret)
        let modulus = Base64.encode([0] + [UInt8](repeating: 0xFF, count: 255), .url)
        let set = #"{"keys":[{"kty":"RSA","n":"\#(modulus)","e":"AQAB"}]}"#
        #expect(try failure { $0.jwks = KeySetLocation(try folder.write(set)) }.code == .weakSecret)
    }

    @Test(arguments: [
        ("", KeyError.noPEM), ("-----BEGIN PUBLIC KEY-----\n", .noPEM), ("-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----", .noPEM),
        ("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----", .broken),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----", .broken),
        ("-----BEGIN RSA PUBLIC KEY-----\nMIID\n-----END RSA PUBLIC KEY-----", .broken), (TestKeys.rsa, .privateKey),
        (TestKeys.ec, .privateKey),
        (TestKeys.encrypted, .privateKey), (TestKeys.secp256k1, .unsupported("a key of another kind")),
    ])
    func `a file without a public key says what it holds`(_ pem: String, _ error: KeyError) throws {
        let found = try failure { $0.publicKeys = [try folder.write(pem)] }
        #expect(found.message == "\(folder.file("file")) \(error.message)")
        #expect(found.help == error.help)
        #expect(found.setting == "public_keys")
    }

    @Test(arguments: [
        ("", KeyError.noPEM), (TestKeys.rsaCertificate, .publicKey), (TestKeys.encrypted, .encrypted),
        ("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", .broken),
        ("-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----", .broken),
    ])
    func `a file without a private key says what it holds`(_ pem: String, _ error: KeyError) throws {
        #expect(try failure { $0.privateKey = try folder.write(pem) }.message == "\(folder.file("file")) \(error.message)")
    }

    @Test func `a file cut anywhere is an error and never a crash`() throws {
        for text in [TestKeys.rsaCertificate, TestKeys.rsaPublicTraditional, TestKeys.ed25519] {
            let block = try #require(PEMBlock.read(Array(text.utf8)).first)
            for count in 0..<block.bytes.count {
                let cut = Array(PEMBlock(label: block.label, bytes: Array(block.bytes.prefix(count))).text.utf8)
                #expect(throws: KeyError.self) { try PublicKeyReader.key(pem: cut) }
                #expect(throws: KeyError.self) { try PrivateKeyReader.pair(pem: cut) }
            }
        }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[1]}"#, #"{"keys":[{"kty":"RSA"}]}"#, #"{"keys":[{"kty":"RSA","n":1,"e":"AQAB"}]}"#,
        #"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}"#, #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#,
        #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#, #"{"keys":[{}]}"#,
        #"{"keys":[\#(Array(repeating: "{}", count: 65).joined(separator: ","))]}"#,
    ])
    func `a key set without a usable key is an error`(_ json: String) throws {
        let error = try failure { $0.jwks = KeySetLocation(try folder.write(json)) }
        #expect(error.code == .invalidValue)
        #expect(error.setting == "jwks")
    }

    @Test func `a key that no listed algorithm is for is an error`() throws {
        let error = try failure { $0.publicKeys = [try folder.write(TestKeys.ecCertificate)] }
        #expect(error.message == "the key in \(folder.file("file")) is for ES256, and algorithms lists none of that")
        #expect(error.help == "write algorithms: [ES256]")
    }

    @Test func `a private key that every user may read is told`() throws {
        var settings = JWTSettings()
        settings.algorithms = [.edDSA]
        settings.privateKey = try folder.write(TestKeys.ed25519, mode: 0o644)
        #expect(try TokenTester(settings).logs.all.count { $0.hasPrefix("warning") } == 1)
        settings.privateKey = try folder.write(TestKeys.ed25519, mode: 0o640)
        #expect(try TokenTester(settings).logs.all.isEmpty)
    }
}
