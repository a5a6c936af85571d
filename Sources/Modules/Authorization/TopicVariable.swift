import GatewayKit

/// What a segment of a template can stand for.
enum TopicVariable: Hashable {
    case userID
    case claim(String)

    /// Reads what stands between `<` and `>`.
    init(_ name: String) throws(TopicTemplateError) {
        if name == "userId" {
            self = .userID
        } else if name.hasPrefix("claims."), name.count > 7 {
            self = .claim(String(name.dropFirst(7)))
        } else {
            throw TopicTemplateError("has the unknown variable <\(name)>", help: Self.suggestion(name))
        }
    }

    private static func suggestion(_ name: String) -> String {
        let parts = name.split(separator: ".", maxSplits: 1)
        if parts.count == 2, NameSuggestion.nearest(to: String(parts[0]), in: ["claims"]) != nil {
            return "did you mean '<claims.\(parts[1])>'?"
        }
        let isNear = NameSuggestion.nearest(to: name, in: ["userId"]) != nil
        let claim = ["", "claims", "claims."].contains(name) ? "NAME" : name
        return isNear ? "did you mean '<userId>'?" : "write <userId>, or <claims.\(claim)> for a claim of the token"
    }

    /// The value, where it is one valid segment.
    func segment(for principal: Principal?) -> String? {
        guard let principal else { return nil }
        let value =
            switch self {
            case .userID: principal.userID
            case .claim(let name): principal.claims.member(name)?.word
            }
        // A concrete topic of one segment is exactly that.
        guard let value, !value.utf8.contains(UInt8(ascii: ".")), (try? Topic(value)) != nil else { return nil }
        return value
    }
}
