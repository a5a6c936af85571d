import GatewayKit

/// Which module instances stand in a stage of any profile.
struct ListedModules {
    private let catalogue: ModuleCatalogue
    private var instances: Set<String> = []

    init(_ catalogue: ModuleCatalogue) { self.catalogue = catalogue }

    /// Adds instances that stand in a stage.
    mutating func add(_ more: [String]) { instances.formUnion(more) }

    /// Warnings about what is configured in one of the layers and stands in no list of any.
    ///
    /// Where a list has an error, its modules are not looked at: the misspelled name may be theirs. Nor are adapters: a variable may
    /// choose another one than any profile does.
    func unused(in layers: [ConfigurationNode]) -> [Diagnostic] {
        let lists = layers.map { PipelineLists($0, catalogue) }
        let listed = lists.reduce(into: instances) { $0.formUnion($1.names.map(\.instance)) }
        let doubtful = lists.reduce(into: Set<Stage>()) { $0.formUnion($1.doubtful) }
        return layers.flatMap { layer in
            (layer["modules"]?.entries ?? []).compactMap { entry in
                guard let type = catalogue.type(of: entry.key), !listed.contains(entry.key) else { return nil }
                let served = Stage.allCases.filter { $0.isServed(by: type) }
                guard doubtful.isDisjoint(with: served), served != [.pubsub] else { return nil }
                let stages = served.map { "pipeline.\($0.rawValue)" }
                return Diagnostic(
                    .warning, .unusedModule, "modules.\(entry.key) is in no pipeline list of any profile, so it does nothing",
                    at: entry.keyPlace,
                    help: "add it to \(stages.joined(separator: " or ")), or delete it")
            }
        }
    }
}
