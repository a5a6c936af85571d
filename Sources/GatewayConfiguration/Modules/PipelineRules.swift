import GatewayKit

/// What has to hold between the modules of a pipeline.
struct PipelineRules {
    let lists: PipelineLists
    let catalogue: ModuleCatalogue
    /// The effective tree.
    let root: ConfigurationNode
    let isStrict: Bool

    /// Every finding.
    func findings() -> [Diagnostic] { openPipeline() + providers() + order() }

    private func openPipeline() -> [Diagnostic] {
        var found: [Diagnostic] = []
        let isEmpty = (lists.stages[.auth] ?? []).isEmpty && !lists.doubtful.contains(.auth)
        if isEmpty, !isAuthOptional {
            found.append(
                Diagnostic(
                    .error, .openPipeline, "pipeline.auth names no module, so nobody could log in", at: place(.auth),
                    help: "name one, such as jwt, or write `auth: {required: false}` at the top of the file"))
        }
        let isAuthorized = lists.stages[.route]?.contains { $0.type.name == "authorization" } ?? false
        if !isAuthorized, !lists.doubtful.contains(.route) {
            found.append(
                Diagnostic(
                    isStrict ? .error : .warning, .openPipeline, "pipeline.route has no authorization: every client may do everything",
                    at: place(.route), help: "add authorization to the list"))
        }
        return found
    }

    private var isAuthOptional: Bool {
        guard case .scalar("false", _) = root[path: ["auth", "required"]]?.content else { return false }
        return true
    }

    private func providers() -> [Diagnostic] {
        var found: [Diagnostic] = []
        var providers: [CapabilityName: PipelineLists.Name] = [:]
        for name in lists.names {
            for capability in name.type.provides {
                if let first = providers[capability] {
                    let message = "\(name.instance) provides \(capability.rawValue), as \(first.instance) does"
                    let note = Diagnostic.Note("\(first.instance) is named", at: first.place)
                    found.append(Diagnostic(.error, .missingProvider, message, at: name.place, notes: [note], help: "keep one of them"))
                } else {
                    providers[capability] = name
                }
            }
        }
        guard lists.doubtful.isEmpty else { return found }
        for name in lists.names {
            for capability in name.type.requires where providers[capability] == nil {
                let able = catalogue.types.filter { $0.provides.contains(capability) }.map { $0.name }
                found.append(
                    Diagnostic(
                        .error, .missingProvider, "\(name.instance) needs \(capability.rawValue), which no module of the pipeline provides",
                        at: name.place, help: able.isEmpty ? nil : "add one that does: \(able.joined(separator: ", "))"))
            }
        }
        return found
    }

    private func order() -> [Diagnostic] {
        Stage.allCases.flatMap { stage -> [Diagnostic] in
            let names = lists.stages[stage] ?? []
            return names.indices.compactMap { index -> Diagnostic? in
                guard let later = names[index...].dropFirst().first(where: { names[index].type.runsAfter.contains($0.type.name) }) else {
                    return nil
                }
                let message = "\(names[index].instance) stands before \(later.instance)"
                let note = Diagnostic.Note("\(later.instance) is named", at: later.place)
                return Diagnostic(
                    .warning, .orderHint, message, at: names[index].place, notes: [note], help: "move \(names[index].instance) behind it")
            }
        }
    }

    private func place(_ stage: Stage) -> SourcePlace { lists.place(stage) ?? root.place }
}
