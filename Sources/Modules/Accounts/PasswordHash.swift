import Crypto
import CryptoExtras

/// What one scrypt hash costs (RFC 7914): stored with each, so that a later change leaves the old ones readable.
struct ScryptCost: Hashable, Sendable {
    let rounds: Int
    let blockSize: Int
    let parallelism: Int

    /// About 40 ms and 32 MiB; tests that are not about it run with less.
    @TaskLocal static var standard = ScryptCost(rounds: 1 << 15, blockSize: 8, parallelism: 1)
}

/// A password as it is stored: scrypt with a random salt.
struct PasswordHash: Hashable, Sendable {
    let cost: ScryptCost
    let salt: [UInt8]
    let key: [UInt8]

    init(cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Hashes a password, which takes its time.
    init(of password: String, cost: ScryptCost) throws {
        let salt = Self.randomBytes(16)
        let key = try Self.derive(password, salt, cost)
        self.init(cost: cost, salt: salt, key: key.withUnsafeBytes { Array($0) })
    }

    /// A hash of no password: what is compared for a user that does not exist, so that it takes as long.
    static func dummy(cost: ScryptCost) -> PasswordHash { PasswordHash(cost: cost, salt: randomBytes(16), key: randomBytes(32)) }

    /// Whether it is the hash of a password; takes as long either way.
    func matches(_ password: String) throws -> Bool {
        let derived = try Self.derive(password, salt, cost)
        // Two keys are compared in constant time.
        return SymmetricKey(data: key) == derived && password.utf8.count <= Password.bytes.upperBound
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: ScryptCost) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: Array(password.utf8.prefix(Password.bytes.upperBound)), salt: salt, outputByteCount: 32, rounds: cost.rounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
    }

    private static func randomBytes(_ count: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}
