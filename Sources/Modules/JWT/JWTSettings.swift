public import GatewayKit

/// What stands under `modules.jwt`.
public struct JWTSettings: Settings {
    /// The algorithms that tokens may be signed with.
    public var algorithms: [SigningAlgorithm] = [.hs256]
    /// The secret of HS256, HS384 and HS512.
    public var secret: Secret?
    /// A file with the secret.
    public var secretFile: FilePath?
    /// Whether the file is made where there is none.
    public var createSecret = false
    /// PEM files, each with a public key or a certificate.
    public var publicKeys: [FilePath] = []
    /// A file with a JSON Web Key Set.
    public var jwks: KeySetLocation?
    /// A PEM file with a private key, for signing.
    public var privateKey: FilePath?
    /// What `iss` has to be.
    public var issuer: String?
    /// What `aud` has to be or to hold.
    public var audience: String?
    /// The claim with the user's id.
    public var userClaim = "sub"
    /// How far clocks may differ.
    public var leeway = Duration.seconds(5)
    /// The file that revocations are kept in.
    public var revocations = FilePath("data/revocations.sqlite")

    /// The defaults, which lack a key.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("algorithms", \.algorithms, "The algorithms that tokens may be signed with; HMAC never beside public keys."),
        SettingField("secret", \.secret, "The secret of HS256, HS384 and HS512: at least 32 bytes."),
        SettingField("secret_file", \.secretFile, "A file with the secret, instead of secret."),
        SettingField("create_secret", \.createSecret, "Whether secret_file is made, mode 0600, where there is none."),
        SettingField("public_keys", \.publicKeys, "PEM files, each with a public key or a certificate."),
        SettingField("jwks", \.jwks, "A file with a JSON Web Key Set."),
        SettingField("private_key", \.privateKey, "A PEM file with a private key: signs tokens, and its public part checks them."),
        SettingField("issuer", \.issuer, "What iss has to be; null = anything."),
        SettingField("audience", \.audience, "What aud has to be or to hold; null = anything."),
        SettingField("user_claim", \.userClaim, "The claim with the user's id."),
        SettingField("leeway", \.leeway, range: .zero...maxLeeway, "How far the clocks of issuer and gateway may differ."),
        SettingField("revocations", \.revocations, "The SQLite file of revoked tokens, made, mode 0600, by the first revocation."),
    ]
}

extension JWTSettings {
    static let minSecretBytes = 32
    static let maxLeeway = Duration.seconds(300)
    private static let generatedClaims = ["exp", "iat", "nbf", "jti", "iss", "aud", "token_use"]

    /// Keys that do not go with the algorithms, and no key at all.
    public func validate(_ report: inout SettingsReport) {
        checkSecret(&report)
        checkAlgorithms(&report)
        for (key, value) in [("issuer", issuer), ("audience", audience), ("user_claim", userClaim)] where value?.isEmpty == true {
            report.add(
                .error, .invalidValue, key, "is empty", help: key == "user_claim" ? "write \(key): sub" : "write \(key): null for any")
        }
        if Self.generatedClaims.contains(userClaim) {
            report.add(.error, .invalidValue, "user_claim", "'\(userClaim)' says nothing about a user", help: "write user_claim: sub")
        }
    }

    /// The first setting that brings a public key, if any.
    private var publicSetting: String? {
        if !publicKeys.isEmpty { return "public_keys" }
        if jwks != nil { return "jwks" }
        return privateKey == nil ? nil : "private_key"
    }

    private var hasSecret: Bool { secret?.bytes.isEmpty == false || secretFile != nil }

    private func checkSecret(_ report: inout SettingsReport) {
        if let secret, !secret.bytes.isEmpty {
            if secretFile != nil {
                report.add(
                    .error, .invalidValue, "secret_file", "a secret is given twice", other: ("secret", "the other one"),
                    help: "drop one of them; where a profile gives the file, write secret: null there")
            }
            if secret.bytes.count < Self.minSecretBytes {
                report.add(
                    .error, .weakSecret, "secret", "has \(secret.bytes.count) bytes, and needs at least \(Self.minSecretBytes)",
                    help: "make one with: openssl rand -hex 32")
            }
        }
        if createSecret, secretFile == nil {
            report.add(.error, .invalidValue, "create_secret", "there is no secret_file to make", help: "add secret_file: data/jwt.secret")
        }
    }

    private func checkAlgorithms(_ report: inout SettingsReport) {
        let symmetric = algorithms.filter(\.isSymmetric)
        guard !algorithms.isEmpty else {
            report.add(.error, .invalidValue, "algorithms", "names no algorithm", help: "write algorithms: [HS256]")
            return
        }
        guard hasSecret || publicSetting != nil else {
            report.add(
                .error, .missingKey, "secret", "there is no key to check tokens with",
                help:
                    "set JWT_SECRET to at least 32 bytes and write secret: ${JWT_SECRET}, or modules.jwt.secret_file with create_secret: true"
            )
            return
        }
        // Whoever has the public key could sign with it as a secret if both kinds were taken.
        if let publicSetting, let first = symmetric.first {
            report.add(
                .error, .invalidValue, "algorithms", "\(first.rawValue) needs a secret and must not stand beside public keys",
                other: (publicSetting, "public keys stand here"), help: "name the algorithm of the keys: algorithms: [RS256] or [ES256]")
        } else if hasSecret, symmetric.count < algorithms.count || publicSetting != nil {
            let setting = secretFile == nil ? "secret" : "secret_file"
            report.add(
                .error, .invalidValue, "algorithms", "a secret goes with HS256, HS384 and HS512 alone", other: (setting, "the secret"),
                help: publicSetting == nil ? "write algorithms: [HS256]" : "drop \(setting), or the public keys")
        }
    }
}
