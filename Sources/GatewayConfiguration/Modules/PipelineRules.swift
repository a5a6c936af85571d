import GatewayKit

/// What has to hold between the modules of a pipeline.
struct PipelineRules {
    let lists: PipelineLists
    let catalogue: ModuleCatalogue
    /// The effective tree.
    let root: ConfigurationNode
    let isStrict: Bool

    /// Every finding.
    func findings() -> [Diagnostic] {
        [authentication(), authorization()].compactMap { $0 } + unauthenticated() + providers() + order()
            + CommonSettingRules(lists: lists, root: root).findings()
    }

    private func authentication() -> Diagnostic? {
        if let optional = scalar(["auth", "required"], is: "false") {
            guard isStrict else { return nil }
            return Diagnostic(
                .error, .openPipeline, "auth.required is false: nobody has to say who they are", at: optional.place, label: strictLabel,
                help: "write required: true, or strict: false")
        }
        guard (lists.stages[.auth] ?? []).isEmpty, !lists.doubtful.contains(.auth) else { return nil }
        let other = isStrict ? "" : ", or write `auth: {required: false}` at the top of the file"
        return Diagnostic(
            .error, .openPipeline, "pipeline.auth names no module, so nobody could log in", at: place(.auth),
            help: "name one, such as jwt\(other)")
    }

    private func authorization() -> Diagnostic? {
        let instances = lists.stages[.route, default: []].filter { $0.type.name == "authorization" }.map(\.instance)
        let observing = instances.compactMap { scalar(["modules", $0, "mode"], is: "observe") }
        // Beside one that refuses, another may try new rules.
        guard observing.count == instances.count, !lists.doubtful.contains(.route) else { return nil }
        let severity = isStrict ? Diagnostic.Severity.error : .warning
        guard let first = observing.first, let instance = instances.first else {
            return Diagnostic(
                severity, .openPipeline, "pipeline.route has no authorization: every client may do everything", at: place(.route),
                help: "add authorization to the list")
        }
        return Diagnostic(
            severity, .openPipeline, "\(instance) only observes: every client may do everything", at: first.place, label: strictLabel,
            help: "write mode: enforce")
    }

    /// Warnings about modules that take raw messages, which come before any question of who the client is.
    private func unauthenticated() -> [Diagnostic] {
        guard scalar(["auth", "required"], is: "false") == nil else { return [] }
        return lists.stages[.route, default: []].filter { $0.type is any FrameStage.Type }.map { name in
            Diagnostic(
                .warning, .openPipeline, "\(name.instance) takes raw messages, also of clients that have not authenticated", at: name.place,
                label: "wherever it stands in the list",
                help: "leave it out, unless it asks for itself who a client is; where nobody has to: `auth: {required: false}`")
        }
    }

    private var strictLabel: String? { isStrict ? "with strict: true" : nil }

    private func scalar(_ path: [String], is text: String) -> ConfigurationNode? {
        guard let node = root[path: path], case .scalar(text, _) = node.content else { return nil }
        return node
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
                let reasons = names[index].type.runsAfter
                guard let later = names[index...].dropFirst().first(where: { reasons[$0.type.name] != nil }) else { return nil }
                let reason = reasons[later.type.name].map { ": \($0)" } ?? ""
                let message = "\(names[index].instance) stands before \(later.instance)\(reason)"
                let note = Diagnostic.Note("\(later.instance) is named", at: later.place)
                return Diagnostic(
                    .warning, .orderHint, message, at: names[index].place, notes: [note], help: "move \(names[index].instance) behind it")
            }
        }
    }

    private func place(_ stage: Stage) -> SourcePlace { lists.place(stage) ?? root.place }
}
