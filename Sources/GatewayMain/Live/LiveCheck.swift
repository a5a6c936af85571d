import GatewayConfiguration
import GatewayKit
import GatewayServer

/// Looks at what a start would meet on this machine: ports, the admin socket, files that are written, services that are asked.
struct LiveCheck {
    /// What came out.
    struct Outcome {
        /// What a start would fail at.
        var findings: [Diagnostic] = []
        /// What a person may wonder about, and is in order.
        var remarks: [String] = []
    }

    /// How long a module may look for obstacles.
    private static let patience = Duration.seconds(10)
    /// How long an adapter may take where it says nothing about that.
    private static let connectTimeout = Duration.seconds(5)
    /// What an adapter may take beyond its `connect_timeout` for the message that it sends to itself.
    private static let allowance = Duration.seconds(2)
    /// How long an adapter may take beyond all that, to start and to stop.
    private static let grace = Duration.seconds(30)

    let configuration: LoadedConfiguration<CoreSettings>

    /// Looks at everything.
    func outcome() async -> Outcome {
        var outcome = Outcome()
        for configured in configuration.pipeline.inOrderOfNeed {
            outcome.findings += await Self.obstacles(of: configured)
        }
        if let adapter = configuration.pipeline.stages[.pubsub]?.first {
            outcome.findings += [await Self.finding(of: adapter)].compactMap(\.self)
        }
        let ports = await PortCheck(core: configuration.core, root: configuration.root).outcome()
        outcome.findings += ports.findings
        outcome.remarks += ports.remarks
        outcome.findings += [await SocketCheck(core: configuration.core, root: configuration.root).finding()].compactMap(\.self)
        return outcome
    }

    private static func obstacles(of configured: ConfiguredModule) async -> [Diagnostic] {
        if let found = await Patience.wait(patience, for: { await configured.obstacles() }) { return found }
        let error = ModuleError("took longer than 10 s to look for obstacles", help: "see what it waits for", code: .unreachable)
        return [configured.diagnostic(for: error)]
    }

    private static func finding(of adapter: ConfiguredModule) async -> Diagnostic? {
        let timeout = connectTimeout(of: adapter)
        let result = await Patience.wait(timeout + allowance + grace) { () -> Result<String?, any Error> in
            do { return .success(try await AdapterCheck.fault(of: adapter, within: timeout + allowance)) } catch { return .failure(error) }
        }
        switch result {
        case .success(nil)?: return nil
        case .success(let fault?)?: return diagnostic(adapter, fault)
        case .failure(let error as ModuleError)?: return adapter.diagnostic(for: error)
        case .failure(let error)?: return diagnostic(adapter, "\(error)")
        case nil: return diagnostic(adapter, "it neither started nor stopped in time")
        }
    }

    private static func diagnostic(_ adapter: ConfiguredModule, _ fault: String) -> Diagnostic {
        let setting = adapter.node?["url"] == nil ? nil : "url"
        let help = "see that it runs and can be reached from this machine, or correct the settings of modules.\(adapter.instance)"
        return adapter.diagnostic(
            for: ModuleError("messages do not flow: \(fault)", help: help, setting: setting, code: .unreachable))
    }

    /// What the adapter's settings say about that.
    private static func connectTimeout(of adapter: ConfiguredModule) -> Duration {
        func value<S: Settings>(_ settings: S) -> Duration? {
            guard let text = S.fields.first(where: { $0.name == "connect_timeout" })?.text(settings) else { return nil }
            var decoder = SettingsDecoder(baseFolder: "/")
            return Duration.decode(ConfigurationNode(.scalar(text, isPlain: true), at: adapter.place), &decoder)
        }
        return value(adapter.settings) ?? connectTimeout
    }
}
