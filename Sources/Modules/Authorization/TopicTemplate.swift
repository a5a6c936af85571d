public import GatewayKit

/// A topic pattern with variables: `messages.user.<userId>.**`.
public struct TopicTemplate: Hashable, Sendable, SettingValue {
    /// What stands between two dots; a last `**` is ``TopicTemplate/hasRest``.
    enum Segment: Hashable {
        case literal(String)
        case any
        case variable(TopicVariable)
    }

    /// The text as it stands in gateway.yaml.
    public let text: String
    let segments: [Segment]
    /// Whether the last segment is `**`: one or more segments.
    let hasRest: Bool

    /// A pattern with variables.
    public static var schema: SettingSchema { .text("a topic pattern such as messages.user.<userId>") }

    /// Reads a template.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> TopicTemplate? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do {
            return try TopicTemplate(text)
        } catch {
            // What a variable holds may be a secret, and the reason quotes it.
            guard node.template == nil else {
                decoder.report(.invalidValue, "\(node.shownText) is no topic pattern", at: node)
                return nil
            }
            decoder.report(.invalidValue, "the pattern \(node.shownText) \(error.message)", at: node, help: error.help)
            return nil
        }
    }

    /// Reads a template.
    ///
    /// - Throws: ``TopicTemplateError`` that says what is wrong.
    public init(_ text: String) throws(TopicTemplateError) {
        var segments: [Segment] = []
        // What the topic grammar is checked against: variables count as one character.
        var pattern = ""
        for part in try Self.parts(of: text) {
            pattern += pattern.isEmpty && segments.isEmpty ? "" : "."
            if part.hasPrefix("<") {
                segments.append(.variable(try TopicVariable(String(part.dropFirst().dropLast()))))
                pattern += "x"
            } else {
                segments.append(part == "*" ? .any : .literal(String(part)))
                pattern += part
            }
        }
        do { _ = try TopicPattern(pattern) } catch { throw TopicTemplateError(error.rawValue, help: Self.help(error)) }
        hasRest = segments.last == .literal("**")
        if hasRest { segments.removeLast() }
        self.text = text
        self.segments = segments
    }

    /// The parts between dots; a dot inside `<…>` parts nothing.
    private static func parts(of text: String) throws(TopicTemplateError) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while true {
            var end = rest.firstIndex(of: ".") ?? rest.endIndex
            if rest.hasPrefix("<") {
                guard let close = rest.firstIndex(of: ">") else {
                    throw TopicTemplateError("has a < without its >", help: "write <userId> or <claims.NAME>")
                }
                end = rest.index(after: close)
            }
            let part = rest[..<end]
            let isVariable = part.hasPrefix("<")
            guard end == rest.endIndex || rest[end] == ".", isVariable || !part.contains(where: { $0 == "<" || $0 == ">" }) else {
                throw TopicTemplateError(
                    "has a variable that is not a whole segment", help: "put a dot before and after <…>, or nothing at all")
            }
            parts.append(part)
            guard end < rest.endIndex else { return parts }
            rest = rest[rest.index(after: end)...]
        }
    }

    private static func help(_ error: TopicError) -> String? {
        switch error {
        case .multiWildcardNotLast: "** stands for the end of a topic; for one segment write *"
        case .partialWildcard: "* and ** stand alone between two dots"
        case .emptySegment: "write a word, *, <userId> or <claims.NAME> between two dots"
        case .character, .tooLong, .tooManySegments, .wildcard, .reserved: nil
        }
    }

    /// The pattern, in quotes.
    public var settingText: String { text.settingText }
}

/// What is wrong with a template.
public struct TopicTemplateError: Error, Sendable, Equatable {
    /// What is wrong, to be put behind the template.
    public let message: String
    /// What to write instead.
    public let help: String?

    init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }
}
