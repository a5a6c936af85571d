import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging

/// Reloads the configuration of the gateway that this process runs, and says what a reload would do.
///
/// One reload at a time; who asks while one is under way shares the next one, which reads the file after all of them have asked.
actor Reloader {
    private let request: ConfigurationRequest
    private let modules: [any Module.Type]
    private let threshold: LogThreshold
    private let logger: Logger
    private var running: RunningConfiguration
    private var gateway: Gateway?
    private var present: Task<ReloadReport, Never>?
    private var next: Task<ReloadReport, Never>?

    /// - Parameters:
    ///   - request: What the start has read.
    ///   - modules: The module types that are compiled in.
    ///   - loaded: What the start has come to.
    ///   - threshold: What all loggers of the process ask how much to log.
    ///   - logger: Says what became of each reload.
    init(
        _ request: ConfigurationRequest, modules: [any Module.Type], _ loaded: LoadedConfiguration<CoreSettings>, _ threshold: LogThreshold,
        _ logger: Logger
    ) {
        self.request = request
        self.modules = modules
        self.threshold = threshold
        self.logger = logger
        running = RunningConfiguration(loaded)
    }

    /// Names the gateway, once there is one and its modules have started.
    func serve(_ gateway: Gateway) {
        self.gateway = gateway
        running.findMadeFiles()
    }

    /// Reads the configuration anew and puts it in force; any error keeps the old one.
    ///
    /// - Parameter cause: Who asks, for the log.
    /// - Returns: What became of it.
    @discardableResult
    func reload(_ cause: String) async -> ReloadReport {
        if let next { return await next.value }
        let before = present
        let task = Task {
            _ = await before?.value
            begin()
            return await carryOut(cause)
        }
        next = task
        return await task.value
    }

    private func begin() {
        present = next
        next = nil
    }

    private func carryOut(_ cause: String) async -> ReloadReport {
        let report = await attempt()
        gateway?.note(report.result)
        var fields: Logger.Metadata = ["cause": "\(cause)"]
        guard report.result == .refused else {
            fields["changes"] = "\(report.changes.count)"
            fields["ended_subscriptions"] = "\(report.endedSubscriptions)"
            logger.info(report.result == .reloaded ? "configuration reloaded" : "configuration is unchanged", metadata: fields)
            return report
        }
        logger.error("configuration refused, the old one serves on", metadata: fields)
        for finding in report.diagnostics.prefix(DiagnosticRenderer.maxShown) where finding.severity == .error {
            let help = finding.help.map { " (help: \($0))" } ?? ""
            logger.error("\(finding.place): error[\(finding.code.rawValue)]: \(finding.message)\(help)")
        }
        return report
    }

    private func attempt() async -> ReloadReport {
        let (result, new) = read(request)
        let renderer = DiagnosticRenderer(result)
        guard let new else { return ReloadReport(result: .refused, diagnostics: result.diagnostics, renderer: renderer) }
        let changes = running.changes(to: new, modules: modules)
        func refused(_ findings: [Diagnostic]) -> ReloadReport {
            ReloadReport(result: .refused, diagnostics: result.adding(findings).diagnostics, renderer: renderer)
        }
        guard let gateway else { return refused([finding(Rejection(.starting, "the gateway is still starting"), new)]) }
        if changes.isEmpty { return ReloadReport(result: .unchanged, diagnostics: result.diagnostics, renderer: renderer) }
        let restarts = StartOnlyRules.restarts(changes, adapter: adapter)
        guard restarts.isEmpty else { return refused(restarts.map(StartOnlyRules.diagnostic)) }
        do {
            let ended = try await gateway.reload(new.loaded.core, new.loaded.pipeline)
            // What the admin API has set stays, unless the file now says something else than it did.
            if new.loaded.core.log.level != running.loaded.core.log.level { threshold.level = new.loaded.core.log.level }
            running = new
            return ReloadReport(
                result: .reloaded, changes: changes, endedSubscriptions: ended, diagnostics: result.diagnostics, renderer: renderer)
        } catch {
            return refused([finding(error, new)])
        }
    }

    /// What a reload would do if a text stood in the file; changes nothing.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - file: What findings call it.
    /// - Returns: What would change, or what is wrong with it.
    /// - Throws: `Rejection` where an event loop does not answer in time.
    func plan(_ text: String, file: String) async throws -> ReloadPlan {
        var request = request
        request.baseFolder = running.loaded.baseFolder
        request.text = Array(text.utf8)
        request.file = file
        let (result, new) = read(request)
        let renderer = DiagnosticRenderer(result)
        guard let new, let gateway else { return ReloadPlan(profile: request.profile, diagnostics: result.diagnostics, renderer: renderer) }
        let changes = running.changes(to: new, modules: modules)
        var plan = ReloadPlan(profile: request.profile, diagnostics: result.diagnostics, renderer: renderer)
        plan.changes = changes
        plan.restarts = StartOnlyRules.restarts(changes, adapter: adapter)
        let (before, after) = (running.instances, new.instances)
        let changed = Set(changes.filter { $0.keys.count > 1 && $0.keys[0] == "modules" }.map { $0.keys[1] })
        plan.modules = (
            after.subtracting(before).sorted(), before.subtracting(after).sorted(),
            changed.intersection(before).intersection(after).sorted()
        )
        plan.newAtTheDoor = new.loaded.pipeline.stages[.accept, default: []].map(\.instance).filter { !before.contains($0) }
        do {
            plan.impact = try await gateway.impact(of: new.loaded.core, new.loaded.pipeline)
            return plan
        } catch let failure as ConfigurationFailure {
            return ReloadPlan(profile: request.profile, diagnostics: result.adding([finding(failure, new)]).diagnostics, renderer: renderer)
        }
    }

    private var adapter: String? { running.loaded.pipeline.stages[.pubsub]?.first?.instance }

    /// Reads as the start did, and looks at all that can be known without serving.
    private func read(_ request: ConfigurationRequest) -> (result: ConfigurationResult<CoreSettings>, RunningConfiguration?) {
        var request = request
        request.verifiesFiles = true
        let result = ConfigurationLoader.load(CoreSettings.self, request, modules: modules)
        guard let loaded = result.configuration else { return (result, nil) }
        let objections = loaded.pipeline.inOrderOfNeed.compactMap { $0.objection(isLoopback: loaded.core.isLoopback) }
        let checked = result.adding(objections)
        return (checked, checked.configuration.map { RunningConfiguration($0) })
    }

    /// What an error of the gateway says about a configuration.
    private func finding(_ error: any Error, _ new: RunningConfiguration) -> Diagnostic {
        let root = new.loaded.root
        switch error {
        case let failure as ConfigurationFailure: return failure.diagnostic(in: root)
        case let rejection as Rejection: return Diagnostic(.error, .invalidValue, rejection.message, at: root.place)
        default: return Diagnostic(.error, .invalidValue, "\(error)", at: root.place)
        }
    }
}

extension Reloader {
    /// The doors that the admin API has to a reloader.
    nonisolated var routes: (reload: @Sendable () async -> HTTPResponse, plan: @Sendable (String, String) async throws -> HTTPResponse) {
        (
            { [self] in await reload("admin API").response },
            { [self] text, file in try await plan(text, file: file).response }
        )
    }
}
