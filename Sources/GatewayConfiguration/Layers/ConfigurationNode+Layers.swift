import GatewayKit

extension ConfigurationNode {
    /// The tree with another laid over it: mappings merge, everything else replaces and remembers what it replaced.
    func overlaid(by over: ConfigurationNode) -> ConfigurationNode {
        guard case .mapping(var merged) = content, case .mapping(let upper) = over.content else { return over.replacing(self) }
        var positions = Dictionary(merged.enumerated().map { ($1.key, $0) }) { first, _ in first }
        for entry in upper {
            guard let position = positions[entry.key] else {
                positions[entry.key] = merged.count
                merged.append(entry)
                continue
            }
            let lower = merged[position]
            merged[position].value = lower.value.overlaid(by: entry.value)
            // A mapping that only got more keys is still where it was.
            if case .mapping = lower.value.content, case .mapping = entry.value.content { continue }
            merged[position].keyPlace = entry.keyPlace
        }
        var node = self
        node.content = .mapping(merged)
        return node
    }

    private func replacing(_ lower: ConfigurationNode) -> ConfigurationNode {
        var node = self
        // A mapping has no value of its own to override.
        if case .mapping = lower.content { return node }
        node.overridden = overridden + [lower.place] + lower.overridden
        return node
    }

    /// The tree with every place marked as belonging to a profile.
    func marked(asProfile name: String) -> ConfigurationNode {
        var node = self
        node.place.profile = name
        switch content {
        case .scalar: break
        case .sequence(let elements): node.content = .sequence(elements.map { $0.marked(asProfile: name) })
        case .mapping(let entries):
            node.content = .mapping(
                entries.map { entry in
                    var entry = entry
                    entry.keyPlace.profile = name
                    entry.value = entry.value.marked(asProfile: name)
                    return entry
                })
        }
        return node
    }

    /// The mapping without some of its keys.
    func without(_ keys: Set<String>) -> ConfigurationNode {
        guard case .mapping(let entries) = content else { return self }
        var node = self
        node.content = .mapping(entries.filter { !keys.contains($0.key) })
        return node
    }

    /// The mapping with only some of its keys.
    func only(_ keys: Set<String>) -> ConfigurationNode {
        guard case .mapping(let entries) = content else { return self }
        var node = self
        node.content = .mapping(entries.filter { keys.contains($0.key) })
        return node
    }

    /// A tree with one value at the end of a path of keys; every part of it stands where the value does.
    init(path: [String], value: ConfigurationNode) {
        self = path.reversed().reduce(value) { node, key in
            ConfigurationNode(.mapping([.init(key: key, keyPlace: value.place, value: node)]), at: value.place)
        }
    }

    /// Calls `body` with every scalar of the tree.
    func forEachScalar(_ body: (ConfigurationNode, String) -> Void) {
        switch content {
        case .scalar(let text, _): body(self, text)
        case .sequence(let elements): elements.forEach { $0.forEachScalar(body) }
        case .mapping(let entries): entries.forEach { $0.value.forEachScalar(body) }
        }
    }
}
