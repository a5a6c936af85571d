import Foundation
import GRDB
package import GatewayKit
import NIOCore

/// Who can log in.
package struct User: Sendable {
    /// A random UUID; the `sub` of tokens.
    package let id: String
    /// The e-mail, ASCII letters in lower case.
    package let email: String
    package let roles: [String]
    package let createdAt: Timestamp
    let password: PasswordHash
    /// Whether everybody knows the password.
    let isExample: Bool
    /// Grows with every change, so that no token is made of what was read before one.
    let revision: Int

    init(_ row: Row) {
        id = row["id"]
        email = row["email"]
        roles = Self.roles(in: row["roles"])
        createdAt = Timestamp(milliseconds: row["created_at"])
        password = PasswordHash(
            cost: ScryptCost(
                rounds: row["scrypt_rounds"], blockSize: row["scrypt_block_size"], parallelism: row["scrypt_parallelism"]),
            salt: Array(row["password_salt"] as Data), key: Array(row["password_key"] as Data))
        isExample = row["is_example"]
        revision = row["revision"]
    }

    /// Roles as they are stored: a JSON list.
    static func text(of roles: [String]) -> String {
        var text = ByteBuffer()
        text.writeJSON(.array(roles.map { .string($0) }))
        return String(buffer: text)
    }

    private static func roles(in text: String) -> [String] {
        guard case .array(let values) = JSONValue(json: Array(text.utf8)) else { return [] }
        return values.compactMap(\.string)
    }
}
