import GatewayKit
import Logging

/// The keys of the deployment: a secret, or public keys, and never both.
struct KeyRing: Sendable {
    /// Which keys a token may have been signed with.
    enum Match {
        case refused(Reason)
        case secret(SharedSecret, SigningAlgorithm)
        case publicKeys([AsymmetricKey], SigningAlgorithm)
    }

    private enum Keys {
        case secret(SharedSecret)
        case publicKeys([VerificationKey])
    }

    /// What signs tokens; nil where only public keys are known.
    let signingKey: SigningKey?
    private let algorithms: [SigningAlgorithm]
    private let keys: Keys

    /// Finds the keys by the header of a token, which may name a key and has to name one of the algorithms of that key.
    func match(_ token: CompactToken) -> Match {
        guard let algorithm = SigningAlgorithm(rawValue: token.algorithm), algorithms.contains(algorithm) else {
            return .refused(.wrongAlgorithm)
        }
        switch keys {
        case .secret(let secret): return .secret(secret, algorithm)
        case .publicKeys(let keys):
            var candidates = keys
            if let id = token.keyID {
                let named = keys.filter { $0.id?.hasSameBytes(as: id) ?? false }
                // A key from a PEM file has no name that could be wrong.
                candidates = named.isEmpty ? keys.filter { $0.id == nil } : named
                if candidates.isEmpty { return .refused(.invalidSignature) }
            }
            let suited = candidates.filter { $0.suits(algorithm) }
            return suited.isEmpty ? .refused(.wrongAlgorithm) : .publicKeys(suited.map(\.key), algorithm)
        }
    }
}

/// A public key with what limits its use.
struct VerificationKey: Sendable {
    let key: AsymmetricKey
    /// `kid` of a key set.
    var id: String?
    /// `alg` of a key set.
    var algorithm: SigningAlgorithm?

    func suits(_ wanted: SigningAlgorithm) -> Bool { algorithm.map { $0 == wanted } ?? true && key.algorithms.contains(wanted) }
}

extension KeyRing {
    /// Reads the keys from their files.
    ///
    /// - Throws: ``ModuleError`` for a file that cannot be read or a key that cannot be used.
    init(_ settings: JWTSettings, logger: Logger) throws(ModuleError) {
        algorithms = settings.algorithms
        if let secret = try Self.secret(settings, logger) {
            keys = .secret(secret)
            signingKey = settings.algorithms.first(where: \.isSymmetric).map { .secret(secret, $0) }
            return
        }
        var found: [VerificationKey] = []
        for file in settings.publicKeys {
            let key = try Self.read(file, "public_keys", PublicKeyReader.key(pem:))
            found.append(VerificationKey(key: try Self.used(key, settings, file, "public_keys")))
        }
        if let jwks = settings.jwks { found += try Self.keySet(jwks.file, settings, logger) }
        var signingKey: SigningKey?
        if let file = settings.privateKey {
            let contents = try KeyFile.read(file, setting: "private_key")
            if contents.isWorldReadable {
                logger.warning("a private key can be read by every user of the machine", metadata: ["file": "\(file)"])
            }
            let pair = try Self.convert(contents, file, "private_key", PrivateKeyReader.pair(pem:))
            found.append(VerificationKey(key: try Self.used(pair.public, settings, file, "private_key")))
            signingKey = settings.algorithms.first(where: pair.private.algorithms.contains).map { .privateKey(pair.private, $0) }
        }
        self.signingKey = signingKey
        keys = .publicKeys(found)
    }

    private static func secret(_ settings: JWTSettings, _ logger: Logger) throws(ModuleError) -> SharedSecret? {
        if let secret = settings.secret, !secret.bytes.isEmpty { return SharedSecret(secret.bytes) }
        guard let file = settings.secretFile else { return nil }
        return SharedSecret(try SecretFile.load(file, creating: settings.createSecret, logger: logger))
    }

    private static func keySet(_ file: FilePath, _ settings: JWTSettings, _ logger: Logger) throws(ModuleError) -> [VerificationKey] {
        let set = try read(file, "jwks", KeySetReader.keys(json:))
        for note in set.notes { logger.warning("a key of the key set is left out", metadata: ["file": "\(file)", "reason": "\(note)"]) }
        let usable = set.keys.filter { settings.algorithms.contains(where: $0.suits) }
        if usable.isEmpty {
            let words = settings.algorithms.map(\.rawValue).joined(separator: ", ")
            throw ModuleError("\(file) has no key for \(words)", help: "name the algorithms of its keys in algorithms", setting: "jwks")
        }
        return usable
    }

    private static func used(
        _ key: AsymmetricKey, _ settings: JWTSettings, _ file: FilePath, _ setting: String
    ) throws(ModuleError) -> AsymmetricKey {
        if settings.algorithms.contains(where: key.algorithms.contains) { return key }
        let words = key.algorithms.map(\.rawValue).joined(separator: ", ")
        throw ModuleError(
            "the key in \(file) is for \(words), and algorithms lists none of that",
            help: "write algorithms: [\(key.algorithms[0].rawValue)]",
            setting: setting)
    }

    private static func read<Key>(
        _ file: FilePath, _ setting: String, _ convert: ([UInt8]) throws(KeyError) -> Key
    ) throws(ModuleError) -> Key {
        try self.convert(try KeyFile.read(file, setting: setting), file, setting, convert)
    }

    private static func convert<Key>(
        _ contents: KeyFile, _ file: FilePath, _ setting: String, _ convert: ([UInt8]) throws(KeyError) -> Key
    ) throws(ModuleError) -> Key {
        do { return try convert(contents.bytes) } catch {
            throw ModuleError("\(file) \(error.message)", help: error.help, setting: setting, code: error.code)
        }
    }
}
