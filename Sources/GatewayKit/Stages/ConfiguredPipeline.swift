/// What gateway.yaml says about modules, checked: what the core builds a generation from.
package struct ConfiguredPipeline: Sendable {
    /// The instances of each stage, in running order; exactly one under `pubsub`.
    package var stages: [Stage: [ConfiguredModule]]

    package init(stages: [Stage: [ConfiguredModule]]) { self.stages = stages }

    /// Every instance once, providers before those who need them; the configuration has been checked for providers that are missing.
    package var inOrderOfNeed: [ConfiguredModule] {
        var instances: Set<String> = []
        var waiting = Stage.allCases.flatMap { stages[$0, default: []] }.filter { instances.insert($0.instance).inserted }
        var ordered: [ConfiguredModule] = []
        var provided: Set<CapabilityName> = []
        while let next = waiting.firstIndex(where: { provided.isSuperset(of: $0.type.requires) }) ?? waiting.indices.first {
            let module = waiting.remove(at: next)
            provided.formUnion(module.type.provides)
            ordered.append(module)
        }
        return ordered
    }
}

/// One module instance with its settings.
package struct ConfiguredModule: Sendable {
    /// The key under `modules`: `rate_limit` or `rate_limit/publish`.
    package let instance: String
    /// The module's type.
    package let type: any Module.Type
    /// The module's own settings: an instance of `type.Settings`.
    package let settings: any Settings
    /// The settings that every module takes.
    package let common: CommonModuleSettings
    /// Where the instance is configured, or named where it has no settings.
    package let place: SourcePlace
    /// Where each key of its settings stands, for errors that only show when the module is made.
    package let node: ConfigurationNode?

    package init(
        instance: String, type: any Module.Type, settings: any Settings, common: CommonModuleSettings, place: SourcePlace,
        node: ConfigurationNode?
    ) {
        self.instance = instance
        self.type = type
        self.settings = settings
        self.common = common
        self.place = place
        self.node = node
    }

    /// Makes the module, without starting it.
    ///
    /// - Parameter context: What the core lends to it.
    /// - Returns: The module.
    /// - Throws: What the module's initializer throws.
    package func make(_ context: ModuleContext) throws -> any Module { try Self.makeModule(self.type, settings, context) }

    /// What speaks against the module's settings in this deployment, as a finding at the setting at fault; nil for nothing.
    package func objection(isLoopback: Bool) -> Diagnostic? {
        Self.objection(self.type, settings, isLoopback: isLoopback).map(diagnostic(for:))
    }

    private static func objection<M: Module>(_ type: M.Type, _ settings: any Settings, isLoopback: Bool) -> ModuleError? {
        (settings as? M.Settings).flatMap { type.objection(to: $0, isLoopback: isLoopback) }
    }

    /// What a start would fail at on this machine as it is now.
    package func obstacles() async -> [Diagnostic] { await Self.obstacles(self.type, settings).map(diagnostic(for:)) }

    private static func obstacles<M: Module>(_ type: M.Type, _ settings: any Settings) async -> [ModuleError] {
        guard let settings = settings as? M.Settings else { return [] }
        return await type.obstacles(to: settings)
    }

    private static func makeModule<M: Module>(_ type: M.Type, _ settings: any Settings, _ context: ModuleContext) throws -> any Module {
        guard let settings = settings as? M.Settings else { throw ModuleError("the settings are of another type") }
        return try type.init(settings: settings, context: context)
    }
}
