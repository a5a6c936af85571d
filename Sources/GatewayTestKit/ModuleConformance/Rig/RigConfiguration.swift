import GatewayKit

/// The gateway.yaml of a module under check: the module and its neighbours in every stage that they serve, and no limit of the core's that
/// a check could meet.
struct RigConfiguration: Sendable {
    private let setup: ModuleSetup

    init(_ setup: ModuleSetup) { self.setup = setup }

    /// Who stands in the pipeline beside the module, with settings.
    private var neighbours: [(type: any Module.Type, settings: String)] {
        let given = setup.neighbours
        let provided = (given.map(\.type) + [setup.type]).flatMap { $0.provides }
        let login: any Module.Type = Set(provided).isDisjoint(with: TestLogin.provides) ? TestLogin.self : BareLogin.self
        let isAdapted = (given.map(\.type) + [setup.type]).contains { Stage.pubsub.isServed(by: $0) }
        return given + [(login, "{}")] + (isAdapted ? [] : [(DirectAdapter.self, "{}")])
    }

    /// The types that the file names.
    var types: [any Module.Type] { [setup.type] + neighbours.map(\.type) }

    /// The file.
    ///
    /// - Parameter settings: The module's, as a mapping in braces, or as lines of keys that are indented.
    /// - Returns: The text.
    func text(_ settings: String) -> String {
        let blocks = neighbours.map { ($0.type.name, $0.settings) } + [(setup.type.name, settings)]
        return """
            version: 1
            server: {host: 127.0.0.1, port: 0, event_loops: 2, ping_interval: 12h, ping_timeout: 24h}
            auth: {timeout: 10m}
            limits: {max_strikes: 1000000, max_subscriptions: 10000, max_queue: 64MiB}
            pipeline:
            \(Stage.allCases.map { "  \($0.rawValue): \(list($0))" }.joined(separator: "\n"))
            modules:
            \(blocks.map { "  \($0): \($1)" }.joined(separator: "\n"))

            """
    }

    private func list(_ stage: Stage) -> String {
        let others = neighbours.map(\.type).filter { stage.isServed(by: $0) }.map { $0.name }
        let own = stage.isServed(by: setup.type) ? [setup.type.name] : []
        guard stage != .pubsub else { return own.first ?? others.first ?? "null" }
        // Whoever comes first decides who somebody is: the module, where there is a token that it accepts.
        let isLast = stage != .auth || setup.token == nil
        return "[\((isLast ? others + own : own + others).joined(separator: ", "))]"
    }
}
