public import GatewayKit

/// The type of an event: letters, digits, `.`, `_` and `-`, at most 64.
public struct EventType: Hashable, Sendable, SettingValue {
    /// The type.
    public let text: String

    /// A message was sent.
    static let messageSent = EventType(text: "message.sent")

    private init(text: String) { self.text = text }

    /// A type.
    public static var schema: SettingSchema { .text("a type such as order.created") }

    /// Reads a type.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> EventType? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        let isType = text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "._-".utf8.contains($0) }
        guard isType, (1...64).contains(text.utf8.count) else {
            decoder.report(
                .invalidValue, "\(node.shownText) is no event type", at: node, help: "use letters, digits, ., _ and -, at most 64")
            return nil
        }
        return EventType(text: text)
    }

    /// The type.
    public var settingText: String { text.settingText }
}
