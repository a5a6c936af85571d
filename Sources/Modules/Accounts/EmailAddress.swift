import GatewayKit

/// The e-mail address of a user, in the one form that is stored: ASCII letters in lower case.
struct EmailAddress: Hashable, Sendable {
    static let maxLength = 254

    let text: String

    /// Takes an address.
    ///
    /// Asks for no more form than keeps mistakes and mischief out: something before and after one `@`, no space and no control
    /// character (SQLite would end the text at a NUL).
    init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maxLength, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.properties.generalCategory == .control })
        else { return nil }
        self.text = Self.lowercased(text)
    }

    /// Reads what an operator wrote.
    ///
    /// - Throws: ``ModuleError`` where it is no address.
    init(checking text: String) throws(ModuleError) {
        guard let address = EmailAddress(text) else {
            throw ModuleError("'\(text.prefix(Self.maxLength))' is no e-mail address", help: "write it like ann@example.com")
        }
        self = address
    }

    /// The text with ASCII letters in lower case and nothing else changed.
    static func lowercased(_ text: String) -> String {
        String(decoding: text.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
