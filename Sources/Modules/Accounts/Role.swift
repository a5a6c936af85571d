import GatewayKit

/// What the roles of a user have to be.
enum Role {
    /// Roles stand in every token, and a token has an end.
    static let maxCount = 32
    static let maxBytes = 64

    /// Checks roles, and leaves out those that are given twice.
    ///
    /// - Throws: ``ModuleError`` for a name that is none, and for too many.
    static func check(_ roles: [String]) throws(ModuleError) -> [String] {
        for role in roles {
            let isName = role.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
            guard isName, (1...maxBytes).contains(role.utf8.count) else {
                throw ModuleError(
                    "'\(role.prefix(maxBytes))' is no role", help: "a role is a word of at most \(maxBytes) bytes, without spaces")
            }
        }
        var seen: Set<String> = []
        let unique = roles.filter { seen.insert($0).inserted }
        guard unique.count <= maxCount else { throw ModuleError("\(unique.count) roles are too many", help: "give at most \(maxCount)") }
        return unique
    }
}
