import GatewayTestKit
import JWTKit
import JWTModule
import Testing

struct JWTConformanceTests {
    private struct Claims: JWTPayload {
        var sub = "ann"
        var exp = TokenTester.now

        func verify(using algorithm: some JWTKit.JWTAlgorithm) async throws {}
    }

    @Test(arguments: ModuleConformance<JWT>.checks)
    func `tokens signed with a secret conform`(check: ModuleConformance<JWT>.Check) async throws {
        try await ModuleConformance(
            JWT.self, settings: "{secret: \(TokenTester.secret), audience: null}", changed: "{secret: \(TokenTester.secret), issuer: x}",
            token: TokenTester.token()
        ).run(check)
    }

    @Test(arguments: ModuleConformance<JWT>.checks)
    func `tokens signed with a private key conform`(check: ModuleConformance<JWT>.Check) async throws {
        let key = ES256PrivateKey()
        let keys = await JWTKeyCollection().add(ecdsa: key)
        try await ModuleConformance(
            JWT.self, settings: "{algorithms: [ES256], private_key: key.pem}", token: try await keys.sign(Claims()),
            files: ["key.pem": key.pemRepresentation]
        ).run(check)
    }

    @Test(arguments: ModuleConformance<JWT>.checks)
    func `a secret that the first start makes conforms`(check: ModuleConformance<JWT>.Check) async throws {
        try await ModuleConformance(
            JWT.self, settings: "{secret_file: data/jwt.secret, create_secret: true}", initFiles: ["data"]
        ).run(check)
    }
}
