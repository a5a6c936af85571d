import GatewayKit

/// What `pipeline:` names: the instances of each stage, in order, with the places of the names.
struct PipelineLists {
    struct Name {
        let instance: String
        let type: any Module.Type
        let place: SourcePlace
    }

    /// How many modules a list may have: nobody has so many, and comparing them with each other takes time.
    static let maxModules = 256

    private(set) var stages: [Stage: [Name]] = [:]
    private(set) var diagnostics: [Diagnostic] = []
    /// The stages of which something could not be read.
    private(set) var doubtful: Set<Stage> = []
    private let catalogue: ModuleCatalogue
    private let instances: [String]
    private let pipeline: ConfigurationNode?

    /// Reads `pipeline:`.
    ///
    /// - Parameters:
    ///   - root: The tree of the whole file.
    ///   - catalogue: The modules there are.
    init(_ root: ConfigurationNode, _ catalogue: ModuleCatalogue) {
        self.catalogue = catalogue
        instances = root["modules"]?.entries?.map(\.key) ?? []
        pipeline = root["pipeline"]
        guard let pipeline else { return }
        guard let entries = pipeline.entries else {
            diagnostics.append(Diagnostic(.error, .wrongType, "pipeline: expected a mapping, got \(pipeline.summary)", at: pipeline.place))
            doubtful = Set(Stage.allCases)
            return
        }
        var decoder = SettingsDecoder(baseFolder: "/", path: ["pipeline"])
        for entry in entries {
            guard let stage = Stage(rawValue: entry.key) else {
                decoder.unknownKey(entry, known: Stage.allCases.map(\.rawValue))
                continue
            }
            read(entry.value, stage)
        }
        diagnostics += decoder.diagnostics
    }

    /// Every instance that stands in a stage, once, in the order of the stages.
    var names: [Name] {
        var seen: Set<String> = []
        return Stage.allCases.flatMap { stages[$0] ?? [] }.filter { seen.insert($0.instance).inserted }
    }

    /// Where a stage is written, or would be.
    func place(_ stage: Stage) -> SourcePlace? { pipeline?[stage.rawValue]?.place ?? pipeline?.place }

    private mutating func read(_ node: ConfigurationNode, _ stage: Stage) {
        if node.isNull { return }
        switch node.content {
        case .scalar(let text, _) where stage == .pubsub: add(text, at: node, stage)
        case .sequence(let elements) where stage != .pubsub:
            elements.prefix(Self.maxModules).forEach { element($0, stage) }
            guard elements.count > Self.maxModules else { return }
            report(
                .tooLong, stage, "more than \(Self.maxModules) modules in one stage", at: elements[Self.maxModules],
                help: "is it the right file?")
        case .scalar(let text, _):
            let isOption = if case .commandLine = node.place.origin { true } else { false }
            report(
                .wrongType, stage, "expected a list of modules, got \(node.summary)", at: node,
                help: isOption
                    ? "--set takes scalars only; write the list in the file"
                    : node.isFilled ? nil : "write it in brackets: [\(URLLogin.hidden(text).prefix(60))]")
        case .sequence(let elements):
            let only =
                elements.count == 1 ? elements.first.flatMap { if case .scalar(let text, _) = $0.content { text } else { nil } } : nil
            report(.wrongType, stage, "expected the name of one module, got a list", at: node, help: "write pubsub: \(only ?? "memory")")
        case .mapping:
            let wanted = stage == .pubsub ? "the name of one module" : "a list of modules"
            report(.wrongType, stage, "expected \(wanted), got a mapping", at: node, help: "settings go under modules:")
        }
    }

    private mutating func element(_ node: ConfigurationNode, _ stage: Stage) {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            return report(
                .wrongType, stage, "expected the name of a module, got \(node.summary)", at: node, help: "settings go under modules:")
        }
        add(text, at: node, stage)
    }

    private mutating func add(_ text: String, at node: ConfigurationNode, _ stage: Stage) {
        guard let type = catalogue.type(of: text) else {
            doubtful.insert(stage)
            diagnostics.append(
                catalogue.unknown(text, shown: node.shownText, at: node.place, instances: instances, for: stage))
            return
        }
        guard stage.isServed(by: type) else { return wrongStage(text, type, at: node, stage) }
        if let first = stages[stage]?.first(where: { $0.instance == text }) {
            let message = "'\(text)' stands twice in pipeline.\(stage.rawValue)"
            diagnostics.append(
                Diagnostic(
                    .error, .duplicateKey, message, at: node.place, label: "again here", notes: [.init("first listed", at: first.place)]))
            return
        }
        stages[stage, default: []].append(Name(instance: text, type: type, place: node.place))
    }

    private mutating func wrongStage(_ text: String, _ type: any Module.Type, at node: ConfigurationNode, _ stage: Stage) {
        doubtful.insert(stage)
        let served = Stage.allCases.filter { $0.isServed(by: type) }
        let words = served.map(\.rawValue).joined(separator: " and ")
        let line = served.first.flatMap { pipeline?[$0.rawValue]?.place.line }.flatMap { $0 > 0 ? " (:\($0))" : nil } ?? ""
        diagnostics.append(
            Diagnostic(
                .error, .wrongStage, "\(text) works in \(words.isEmpty ? "no stage" : words), not in \(stage.rawValue)", at: node.place,
                help: served.first.map { "move it to pipeline.\($0.rawValue)\(line)" }))
    }

    private mutating func report(_ code: DiagnosticCode, _ stage: Stage, _ message: String, at node: ConfigurationNode, help: String? = nil)
    {
        doubtful.insert(stage)
        diagnostics.append(Diagnostic(.error, code, "pipeline.\(stage.rawValue): \(message)", at: node.place, help: help))
    }
}
