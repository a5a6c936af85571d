public import GatewayKit

/// The name of a member of a body: letters, digits, `_` and `-`, at most 64.
public struct MemberName: Hashable, Sendable, SettingValue {
    /// The name.
    public let text: String

    init(_ text: String) { self.text = text }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }

    /// A name.
    public static var schema: SettingSchema { .text("a name such as recipientId") }

    /// Reads a name.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> MemberName? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        guard isName(text) else {
            decoder.report(.invalidValue, "\(node.shownText) is no name", at: node, help: help)
            return nil
        }
        return MemberName(text)
    }

    static let help = "use letters, digits, _ and -, at most 64"

    /// The name.
    public var settingText: String { text.settingText }
}
