public import GatewayKit

/// A topic with names that each request fills: `messages.user.<recipientId>`.
public struct EventTopicTemplate: Hashable, Sendable, SettingValue {
    enum Segment: Hashable {
        case word(String)
        case name(String)
    }

    /// What is wrong with a template.
    struct Problem: Error, Equatable {
        let message: String
        var help: String?
    }

    /// The text as it stands in gateway.yaml.
    public let text: String
    let segments: [Segment]

    init(_ text: String) throws(Problem) {
        var segments: [Segment] = []
        // What the grammar of topics is checked against: a name counts as one character.
        var plain: [String] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard part.contains(where: { $0 == "<" || $0 == ">" }) else {
                segments.append(.word(String(part)))
                plain.append(String(part))
                continue
            }
            let name = String(part.dropFirst().dropLast())
            guard part.hasPrefix("<"), part.hasSuffix(">"), MemberName.isName(name) else {
                throw Problem(
                    message: "has a <name> that is not one whole segment",
                    help: "put a dot before and after <…>, or nothing at all; the name has letters, digits, _ and -")
            }
            segments.append(.name(name))
            plain.append("x")
        }
        do { _ = try Topic(plain.joined(separator: ".")) } catch {
            throw Problem(message: error.rawValue, help: error == .wildcard ? "an event goes to topics, not to patterns" : nil)
        }
        self.text = text
        self.segments = segments
    }

    /// The names, in order.
    var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .word: nil
            case .name(let name): name
            }
        }
    }

    /// The topic.
    ///
    /// - Parameter values: Values by name, each one valid segment.
    /// - Returns: nil where the value of a name is missing.
    /// - Throws: What is wrong with the topic that came out: it may be too long.
    func topic(_ values: [String: String]) throws(TopicError) -> Topic? {
        var words: [String] = []
        for segment in segments {
            switch segment {
            case .word(let word): words.append(word)
            case .name(let name):
                guard let value = values[name] else { return nil }
                words.append(value)
            }
        }
        return try Topic(words.joined(separator: "."))
    }

    /// A topic with names.
    public static var schema: SettingSchema { .text("a topic such as messages.user.<recipientId>") }

    /// Reads a template.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> EventTopicTemplate? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do throws(Problem) {
            return try EventTopicTemplate(text)
        } catch {
            decoder.report(.invalidValue, "the topic \(node.shownText) \(error.message)", at: node, help: error.help)
            return nil
        }
    }

    /// The text, in quotes where it has names.
    public var settingText: String { text.settingText }
}

extension EventTopicTemplate: ExpressibleByStringLiteral {
    /// A template that stands in the code; the topic `invalid` where the text is none, which a test sees at once.
    public init(stringLiteral text: String) {
        self = (try? EventTopicTemplate(text)) ?? EventTopicTemplate(text: "invalid", segments: [.word("invalid")])
    }

    private init(text: String, segments: [Segment]) {
        self.text = text
        self.segments = segments
    }
}

extension String {
    /// What keeps the text from being one segment of a topic; nil where it is one.
    var segmentIssue: TopicError? {
        if utf8.contains(UInt8(ascii: ".")) { return .character }
        do throws(TopicError) {
            _ = try Topic(self)
            return nil
        } catch {
            return error
        }
    }

    /// Whether the text is one segment of a topic.
    var isTopicSegment: Bool { segmentIssue == nil }
}
