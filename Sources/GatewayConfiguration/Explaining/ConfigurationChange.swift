package import GatewayKit

/// A value in which two configurations differ.
package struct ConfigurationChange: Sendable, Hashable {
    /// The keys that lead to it; a module's name is one of them.
    package let keys: [String]
    /// The value before, as YAML with stars in place of secrets; nil where the key was not there.
    package let old: String?
    /// The value after; nil where the key is gone.
    package let new: String?
    /// Where the value after stands, or the nearest that is still there.
    package let place: SourcePlace

    package init(keys: [String], old: String?, new: String?, place: SourcePlace) {
        self.keys = keys
        self.old = old
        self.new = new
        self.place = place
    }

    /// The keys, joined by dots.
    package var path: String { keys.joined(separator: ".") }

    /// `modules.rate_limit.rate: 50/s → 20/s`.
    package var text: String { "\(path): \(old ?? "nothing") → \(new ?? "nothing")" }

    /// Whether the value lies at a path or under it.
    package func isUnder(_ path: [String]) -> Bool { keys.starts(with: path) }

    /// Compares what is in force, defaults included; modules that stand in no stage count for nothing.
    ///
    /// Of a module that comes or goes only what its configuration says is told: its defaults are no news.
    ///
    /// - Parameters:
    ///   - old: The configuration before.
    ///   - new: The configuration after.
    ///   - modules: The module types that are compiled in.
    /// - Returns: The differences in the order of the new configuration, then what is gone.
    package static func all<Core: Settings>(
        from old: LoadedConfiguration<Core>, to new: LoadedConfiguration<Core>, modules: [any Module.Type]
    ) -> [ConfigurationChange] {
        let (before, after) = (Values(old, modules), Values(new, modules))
        var changes: [ConfigurationChange] = []
        for keys in after.order where before.knowsModule(of: keys) || new.root.gives(keys) {
            let (was, now) = (before.texts[keys], after.texts[keys])
            // Two secrets look the same.
            let isHidden = now?.contains("***") ?? false
            let isSame = was == now && (!isHidden || old.root[path: keys].hasSameContent(as: new.root[path: keys]))
            if !isSame { changes.append(ConfigurationChange(keys: keys, old: was, new: now, place: new.root.place(of: keys))) }
        }
        for keys in before.order where after.texts[keys] == nil && (after.knowsModule(of: keys) || old.root.gives(keys)) {
            changes.append(ConfigurationChange(keys: keys, old: before.texts[keys], new: nil, place: new.root.place(of: keys)))
        }
        return changes
    }
}

/// Every value of a configuration by its path.
private struct Values {
    private(set) var order: [[String]] = []
    private(set) var texts: [[String]: String] = [:]
    private let modules: Set<String>

    init<Core: Settings>(_ loaded: LoadedConfiguration<Core>, _ modules: [any Module.Type]) {
        let used = Set(loaded.pipeline.stages.values.flatMap { $0.map(\.instance) })
        self.modules = used
        for value in ConfigurationExplanation(loaded, modules: modules).values {
            guard value.key == "modules" else {
                add(value, [])
                continue
            }
            for module in value.children where used.contains(module.key) { add(module, ["modules"]) }
        }
    }

    /// Whether a key is none of a module's, or one of a module that stands in a stage.
    func knowsModule(of keys: [String]) -> Bool { keys.count < 2 || keys[0] != "modules" || modules.contains(keys[1]) }

    private mutating func add(_ value: ExplainedValue, _ keys: [String]) {
        let keys = keys + [value.key]
        switch value.content {
        case .value(let text): note(text, keys)
        case .list(let elements): note("[\(elements.map(\.text).joined(separator: ", "))]", keys)
        case .mapping(let values): for value in values { add(value, keys) }
        }
    }

    private mutating func note(_ text: String, _ keys: [String]) {
        order.append(keys)
        texts[keys] = text
    }
}

extension ConfigurationNode {
    /// Whether a value stands at a path.
    fileprivate func gives(_ keys: [String]) -> Bool { self[path: keys].map { !$0.isNull } ?? false }
}

extension ConfigurationNode? {
    /// Whether two values are the same, wherever they stand.
    fileprivate func hasSameContent(as other: ConfigurationNode?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        switch (self.content, other.content) {
        case (.scalar(let left, _), .scalar(let right, _)): return left.utf8.elementsEqual(right.utf8)
        case (.sequence(let left), .sequence(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { Optional($0).hasSameContent(as: $1) }
        case (.mapping(let left), .mapping(let right)):
            return left.count == right.count && left.allSatisfy { Optional($0.value).hasSameContent(as: other[$0.key]) }
        default: return false
        }
    }
}
