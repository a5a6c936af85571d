import GatewayKit

/// A place in a module's settings where somebody may write a value.
struct SettingSite: Sendable {
    /// One word of the way there.
    enum Step: Sendable {
        case key(String)
        case index(Int)
    }

    let path: [Step]
    let schema: SettingSchema
    let bounds: SettingBounds?

    /// Where values stand that a site puts into settings: no other line.
    static let line = 7777
    /// Where the mappings and lists stand that it has to put around them.
    private static let frameLine = 5555

    /// The key at the top of the settings.
    var key: String { if case .key(let name)? = path.first { name } else { "" } }

    /// Every place: each key of the schema, in what the settings have already and in what they may have.
    static func all(_ schema: SettingSchema, _ node: ConfigurationNode?, at path: [Step] = []) -> [SettingSite] {
        switch schema {
        case .boolean, .integer, .text, .choice: return []
        case .optional(let wrapped): return all(wrapped, node, at: path)
        case .mapping(let keys):
            return keys.flatMap { key in
                let place = path + [.key(key.name)]
                return [SettingSite(path: place, schema: key.schema, bounds: key.bounds)] + all(key.schema, node?[key.name], at: place)
            }
        case .list(let element):
            var elements: [ConfigurationNode] = []
            if case .sequence(let nodes)? = node?.content { elements = nodes }
            // One that is there has its other keys too.
            return (elements.isEmpty ? [nil] : elements.prefix(2).map(Optional.some)).enumerated().flatMap { index, node in
                let place = path + [.index(index)]
                return [SettingSite(path: place, schema: element, bounds: nil)] + all(element, node, at: place)
            }
        case .dictionary(let value):
            let entries = node?.entries ?? []
            let names: [(String, ConfigurationNode?)] = entries.isEmpty ? [("x", nil)] : entries.prefix(2).map { ($0.key, $0.value) }
            return names.flatMap { name, node in
                let place = path + [.key(name)]
                return [SettingSite(path: place, schema: value, bounds: nil)] + all(value, node, at: place)
            }
        }
    }

    /// The settings with a value at the place.
    func settings(_ base: ConfigurationNode, with content: ConfigurationNode.Content) -> ConfigurationNode {
        Self.replacing(base, path[...], with: ConfigurationNode(content, at: SourcePlace(.file("settings"), line: Self.line, column: 1)))
    }

    private static func replacing(_ node: ConfigurationNode?, _ path: ArraySlice<Step>, with value: ConfigurationNode) -> ConfigurationNode
    {
        guard let step = path.first else { return value }
        let place = SourcePlace(.file("settings"), line: frameLine, column: path.count)
        switch step {
        case .key(let name):
            var entries = node?.entries ?? []
            let index = entries.firstIndex { $0.key == name }
            let inner = replacing(index.map { entries[$0].value }, path.dropFirst(), with: value)
            let entry = ConfigurationNode.Entry(key: name, keyPlace: place, value: inner)
            if let index { entries[index] = entry } else { entries.append(entry) }
            return ConfigurationNode(.mapping(entries), at: node?.place ?? place)
        case .index(let index):
            var elements: [ConfigurationNode] = []
            if case .sequence(let nodes)? = node?.content { elements = nodes }
            let inner = replacing(elements.indices.contains(index) ? elements[index] : nil, path.dropFirst(), with: value)
            if elements.indices.contains(index) { elements[index] = inner } else { elements.append(inner) }
            return ConfigurationNode(.sequence(elements), at: node?.place ?? place)
        }
    }
}

extension SettingSite: CustomStringConvertible {
    /// `topics[0].match`.
    var description: String {
        path.reduce(into: "") { text, step in
            switch step {
            case .key(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}

extension SettingSchema {
    /// The schema of what may also be null.
    var unwrapped: SettingSchema { if case .optional(let wrapped) = self { wrapped.unwrapped } else { self } }

    /// Whether it is a time.
    var isDuration: Bool { unwrapped.title == Duration.schema.title }

    /// Whether a mapping of keys is anywhere inside.
    var hasMapping: Bool {
        switch self {
        case .boolean, .integer, .text, .choice: false
        case .mapping, .dictionary: true
        case .list(let inner), .optional(let inner): inner.hasMapping
        }
    }
}
