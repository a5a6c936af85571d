import GatewayKit

/// What a new password has to be.
enum Password {
    static let bytes = 8...1024

    /// Checks a new password.
    ///
    /// - Throws: ``ModuleError`` where it is too short or too long.
    static func check(_ text: String) throws(ModuleError) {
        let count = text.utf8.count
        guard bytes.contains(count) else {
            throw ModuleError("the password has \(count) bytes", help: "give one of \(bytes.lowerBound) to \(bytes.upperBound) bytes")
        }
    }
}
