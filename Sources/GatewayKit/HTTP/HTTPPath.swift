/// The path of a route: words, and `<parameters>` that each stand for one segment.
public struct HTTPPath: Hashable, Sendable, SettingValue, CustomStringConvertible {
    /// One piece between two slashes.
    public enum Segment: Hashable, Sendable {
        /// The segment itself.
        case word(String)
        /// Any segment; the request has it as a parameter of that name.
        case parameter(String)
    }

    /// The path as it was written.
    public let description: String
    /// Its segments.
    public let segments: [Segment]

    /// Reads a path; nil where it is none.
    ///
    /// - Parameter text: Like `/api/channels/<channelId>/messages`: unreserved characters of a URL, no empty segment, no parameter twice.
    public init?(_ text: String) {
        guard text.hasPrefix("/"), text.utf8.count <= 1024 else { return nil }
        var segments: [Segment] = []
        var names: Set<String> = []
        if text != "/" {
            for piece in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                if piece.hasPrefix("<"), piece.hasSuffix(">") {
                    let name = String(piece.dropFirst().dropLast())
                    guard Self.isName(name), names.insert(name).inserted else { return nil }
                    segments.append(.parameter(name))
                } else {
                    guard !piece.isEmpty, piece != ".", piece != "..", piece.utf8.allSatisfy(Self.isUnreserved) else { return nil }
                    segments.append(.word(String(piece)))
                }
            }
        }
        description = text
        self.segments = segments
    }

    /// A path.
    public static var schema: SettingSchema { .text("a path like /api/channels/<channelId>") }

    /// Reads a path.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> HTTPPath? {
        guard let (text, _) = decoder.scalar(node, schema) else { return nil }
        guard let path = HTTPPath(text) else {
            decoder.report(
                .invalidValue, "\(node.summary) is no path", at: node, help: "write it like /api/channels/<channelId>/messages")
            return nil
        }
        return path
    }

    /// The path as it was written.
    public var settingText: String { description.settingText }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// RFC 3986, 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension HTTPPath: ExpressibleByStringLiteral {
    /// A path that stands in the code; `/` where the text is none, which a test of the module sees at once.
    public init(stringLiteral text: String) { self = HTTPPath(text) ?? HTTPPath(description: "/", segments: []) }

    private init(description: String, segments: [Segment]) {
        self.description = description
        self.segments = segments
    }
}
