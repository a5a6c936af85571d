public import GatewayKit

/// An entry of `origin.allow`.
public enum OriginPattern: Hashable, Sendable {
    /// `*`: every page, and pages without an origin.
    case everything
    /// `null`: pages without an origin of their own, such as files and sandboxed frames.
    case null
    /// One origin.
    case exactly(WebOrigin)
    /// `https://*.example.com`: the hosts below a domain, not the domain itself.
    case subdomains(of: WebOrigin)

    /// Reads an entry.
    ///
    /// - Throws: ``OriginError`` that says what is wrong.
    public init(_ text: String) throws(OriginError) {
        switch text {
        case "*": self = .everything
        case "null": self = .null
        default:
            if let star = text.firstRange(of: "://*.") {
                let parent = try WebOrigin(text.droppingStar(at: star))
                // An address has no subdomains.
                guard !parent.host.hasPrefix("[") else { throw .host }
                self = .subdomains(of: parent)
            } else {
                self = .exactly(try WebOrigin(text))
            }
        }
    }
}

extension OriginPattern: CustomStringConvertible {
    /// The entry as gateway.yaml has it, in its shortest form.
    public var description: String {
        switch self {
        case .everything: "*"
        case .null: "null"
        case .exactly(let origin): origin.description
        case .subdomains(let parent): "\(parent.surroundings.before)*.\(parent.host)\(parent.surroundings.after)"
        }
    }
}

extension OriginPattern: SettingValue {
    /// An origin.
    public static var schema: SettingSchema { .text("an origin such as https://app.example.com") }

    /// Reads an entry; what is wrong is told with the text to write.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> OriginPattern? {
        if node.isNull {
            decoder.report(
                .wrongType, "expected \(schema.title), got \(node.summary)", at: node,
                help: "write \"null\", in quotes, for pages without an origin")
            return nil
        }
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        do {
            return try OriginPattern(text)
        } catch {
            decoder.report(
                .invalidValue, "\(node.summary) \(error.rawValue)", at: node, help: node.template == nil ? help(for: text) : nil)
            return nil
        }
    }

    /// In quotes, since a star, a colon and `null` mean something else to YAML.
    public var settingText: String { "\"\(description)\"" }

    /// The entry that was probably meant: a page's scheme in front, nothing after the port.
    private static func help(for text: String) -> String {
        var rest = text[...]
        var scheme: Substring?
        if let mark = text.firstRange(of: "://") {
            scheme = text[..<mark.lowerBound]
            rest = text[mark.upperBound...]
        }
        let host = rest.lastIndex(of: "@").map { rest[$0...].dropFirst() } ?? rest
        let authority = host.prefix { !"/?#".contains($0) }
        let isLocal = authority.hasPrefix("localhost") || authority.hasPrefix("127.")
        let page =
            switch scheme?.lowercased() {
            case "ws": "http"
            case "wss", "": "https"
            case let scheme?: scheme
            case nil: isLocal ? "http" : "https"
            }
        guard let meant = try? OriginPattern("\(page)://\(authority)") else {
            return "write it like https://app.example.com or https://*.example.com; letters beyond ASCII as browsers send them: xn--…"
        }
        return "write \(meant)"
    }
}

extension String {
    /// The text with the `://*.` in it made `://`.
    fileprivate func droppingStar(at star: Range<Index>) -> String { self[..<star.lowerBound] + "://" + self[star.upperBound...] }
}
