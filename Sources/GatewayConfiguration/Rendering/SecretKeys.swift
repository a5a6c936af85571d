import GatewayKit

/// Tells the keys whose values are never shown: those of secrets, and those that sound like one and are not declared as something else.
struct SecretKeys {
    private var secret: Set<String> = []
    private var plain: Set<String> = []

    /// Takes the keys of settings; a key that is a secret's anywhere is one everywhere.
    init(_ schemas: [SettingSchema] = []) { schemas.forEach { add($0) } }

    func contains(_ key: String) -> Bool { secret.contains(key) || !plain.contains(key) && SecretName.matches(key) }

    private mutating func add(_ schema: SettingSchema) {
        switch schema {
        case .mapping(let keys):
            for key in keys {
                if key.schema.isSecret { secret.insert(key.name) } else { plain.insert(key.name) }
                add(key.schema)
            }
        case .optional(let wrapped), .list(let wrapped), .dictionary(let wrapped): add(wrapped)
        case .boolean, .integer, .choice, .text: break
        }
    }
}
