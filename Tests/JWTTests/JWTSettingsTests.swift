import GatewayKit
import Testing

@testable import JWTModule

struct JWTSettingsTests {
    private static let place = SourcePlace(.environment("TEST"))
    private static let secret = ("secret", TokenTester.secret)

    /// Decodes settings; a value in brackets is a list.
    private func decode(_ settings: (String, String)...) -> (value: JWTSettings?, diagnostics: [Diagnostic]) {
        let entries = settings.map { key, text in
            let isList = text.hasPrefix("[")
            let words = text.split { "[, ]".contains($0) }.map { ConfigurationNode(.scalar(String($0), isPlain: true), at: Self.place) }
            let value: ConfigurationNode.Content = isList ? .sequence(words) : .scalar(text, isPlain: true)
            return ConfigurationNode.Entry(key: key, keyPlace: Self.place, value: ConfigurationNode(value, at: Self.place))
        }
        var decoder = SettingsDecoder(baseFolder: "/etc/gateway", path: ["modules", "jwt"])
        let value = JWTSettings.decode(ConfigurationNode(.mapping(entries), at: Self.place), &decoder)
        return (value, decoder.diagnostics)
    }

    @Test func `a secret alone is enough`() {
        let (settings, diagnostics) = decode(Self.secret)
        #expect(diagnostics.isEmpty)
        #expect(settings?.algorithms == [.hs256])
        #expect(settings?.userClaim == "sub")
        #expect(settings?.leeway == .seconds(5))
    }

    @Test func `files start at the folder of the configuration`() {
        let settings = decode(("algorithms", "[ES256]"), ("jwks", "keys.json"), ("public_keys", "[a.pem, /b.pem]")).value
        #expect(settings?.jwks?.file.path == "/etc/gateway/keys.json")
        #expect(settings?.publicKeys.map(\.path) == ["/etc/gateway/a.pem", "/b.pem"])
    }

    @Test func `without a key the error says how to give one`() {
        for found in [
            decode().diagnostics, decode(("secret", "\"\"")).diagnostics.filter { $0.code == .missingKey },
            decode(("secret", "null")).diagnostics,
        ] {
            #expect(found.allSatisfy { $0.code == .missingKey && $0.help?.hasPrefix("set JWT_SECRET") == true })
        }
        #expect(decode().diagnostics.count == 1)
    }

    @Test func `a short secret is weak`() {
        let found = decode(("secret", "0123456789abcdef0123456789abcde")).diagnostics
        #expect(found.map(\.code) == [.weakSecret])
        #expect(found.first?.message == "modules.jwt.secret: has 31 bytes, and needs at least 32")
    }

    @Test(arguments: [
        [("algorithms", "[HS256]"), ("public_keys", "[a.pem]")], [("algorithms", "[RS256, HS256]"), ("jwks", "keys.json")],
        [("algorithms", "[HS512]"), ("private_key", "a.pem")], [("public_keys", "[a.pem]")],
    ])
    func `HMAC beside public keys is an error`(_ settings: [(String, String)]) {
        let found = settings.count == 1 ? decode(settings[0]).diagnostics : decode(settings[0], settings[1]).diagnostics
        #expect(found.map(\.code) == [.invalidValue])
        #expect(found.first?.message.contains("must not stand beside public keys") == true)
    }

    @Test func `a secret goes with HMAC alone`() {
        #expect(decode(Self.secret, ("algorithms", "[HS256, RS256]")).diagnostics.map(\.code) == [.invalidValue])
        #expect(decode(Self.secret, ("algorithms", "[RS256]")).diagnostics.map(\.code) == [.invalidValue])
        #expect(decode(Self.secret, ("algorithms", "[RS256]"), ("public_keys", "[a.pem]")).diagnostics.map(\.code) == [.invalidValue])
        #expect(decode(Self.secret, ("algorithms", "[HS384, HS512]")).diagnostics.isEmpty)
    }

    @Test func `a secret is given once`() {
        let found = decode(Self.secret, ("secret_file", "jwt.secret")).diagnostics
        #expect(found.map(\.code) == [.invalidValue])
    }

    @Test(arguments: ["none", "hs256", "HS1", "RSA-OAEP"])
    func `an algorithm that does not exist is an error`(_ algorithm: String) {
        #expect(decode(Self.secret, ("algorithms", "[\(algorithm)]")).diagnostics.map(\.code) == [.unknownChoice])
    }

    @Test(arguments: ["https://example.com/keys.json", "http://example.com", "file:///keys.json"])
    func `a key set is a file for now`(_ url: String) {
        let found = decode(("algorithms", "[ES256]"), ("jwks", url)).diagnostics
        #expect(found.map(\.code) == [.invalidValue])
        #expect(found.first?.message == "modules.jwt.jwks: a key set is read from a file; URLs are not supported yet")
    }

    @Test(arguments: [
        ("create_secret", "true"), ("algorithms", "[]"), ("user_claim", "exp"), ("user_claim", "token_use"),
    ])
    func `a setting that makes no sense is an error`(_ key: String, _ value: String) {
        #expect(decode(Self.secret, (key, value)).diagnostics.map(\.code) == [.invalidValue])
    }

    @Test(arguments: ["6m", "5", "-1s"])
    func `the leeway is a duration of at most five minutes`(_ leeway: String) {
        #expect(decode(Self.secret, ("leeway", leeway)).diagnostics.count == 1)
    }
}
