import Testing

@testable import AccountsModule

struct PasswordHashTests {
    private let cost = AccountsTester.cheap

    @Test func `a hash matches its password alone`() throws {
        let hash = try PasswordHash(of: "correct horse", cost: cost)
        #expect(try hash.matches("correct horse"))
        for other in ["", "correct", "correct horse ", "Correct horse"] { #expect(try !hash.matches(other)) }
    }

    @Test func `the same password has another salt and another key each time`() throws {
        let hashes = try (0..<8).map { _ in try PasswordHash(of: "correct horse", cost: cost) }
        #expect(Set(hashes.map(\.salt)).count == 8)
        #expect(Set(hashes.map(\.key)).count == 8)
        #expect(hashes.allSatisfy { $0.salt.count == 16 && $0.key.count == 32 })
    }

    @Test func `a dummy matches nothing`() throws {
        #expect(try !PasswordHash.dummy(cost: cost).matches(""))
    }

    @Test func `the cost goes with the hash`() throws {
        let hash = try PasswordHash(of: "correct horse", cost: ScryptCost(rounds: 4, blockSize: 2, parallelism: 2))
        #expect(try hash.matches("correct horse"))
        let other = PasswordHash(cost: cost, salt: hash.salt, key: hash.key)
        #expect(try !other.matches("correct horse"))
    }

    @Test func `it is scrypt as RFC 7914 has it`() throws {
        // Section 12, the second vector, of which 32 bytes are the first half.
        let key: [UInt8] = [
            0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19, 0x0d, 0x01, 0xe9, 0xfe,
            0x7c, 0x6a, 0xd7, 0xcb, 0xc8, 0x23, 0x78, 0x30, 0xe7, 0x73, 0x76, 0x63, 0x4b, 0x37, 0x31, 0x62,
        ]
        let hash = PasswordHash(
            cost: ScryptCost(rounds: 1024, blockSize: 8, parallelism: 16), salt: Array("NaCl".utf8), key: key)
        #expect(try hash.matches("password"))
    }

    @Test func `the standard cost works`() throws {
        #expect(try PasswordHash(of: "correct horse", cost: .standard).matches("correct horse"))
    }
}
