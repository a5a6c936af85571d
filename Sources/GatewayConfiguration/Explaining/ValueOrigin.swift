import GatewayKit

/// Says in words where a value comes from.
enum ValueOrigin {
    /// What is said of a value that nobody has given.
    static let standard = "default"

    /// `gateway.yaml:59:15, profile prod; over :28:11`.
    static func text(of node: ConfigurationNode) -> String {
        var parts = [place(node.place)]
        if let profile = node.place.profile { parts.append("profile \(profile)") }
        let sources = node.template.flatMap { try? VariableTemplate($0) }?.sources ?? []
        if let variable = node.variable {
            parts.append(variable)
        } else if !sources.isEmpty {
            parts.append("with \(sources.joined(separator: " and "))")
        }
        parts += unset(node).map { "\($0) has no value" }
        return parts.joined(separator: ", ") + over(node)
    }

    /// The variables without a value of a text, or of all texts of a list or mapping.
    private static func unset(_ node: ConfigurationNode) -> [String] {
        switch node.content {
        case .scalar: node.unset
        case .sequence(let elements): elements.flatMap(unset)
        case .mapping(let entries): entries.flatMap { unset($0.value) }
        }
    }

    /// The same for a `null`, which goes back to a default that is something else.
    static func text(ofNull node: ConfigurationNode) -> String {
        let profile = node.place.profile.map { ", profile \($0)" } ?? ""
        return "\(standard), by the null at \(place(node.place))\(profile)\(over(node))"
    }

    /// What the value overrode, the last one first; without the file's name where that is the value's own.
    private static func over(_ node: ConfigurationNode) -> String {
        guard !node.overridden.isEmpty else { return "" }
        let places = node.overridden.map { lower in
            let isSameFile = if case .file = lower.origin { lower.origin == node.place.origin } else { false }
            let text = isSameFile ? ":\(lower.line):\(lower.column)" : place(lower)
            return text + (lower.profile.map { " (profile \($0))" } ?? "")
        }
        return "; over \(places.joined(separator: ", "))"
    }

    private static func place(_ place: SourcePlace) -> String {
        if case .commandLine = place.origin { return "--set" }
        return "\(place)"
    }
}
