import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// The options of every verb that reads gateway.yaml.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: [.customShort("c"), .long], help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = Self.standardFile

    @Option(help: ArgumentHelp("The profile. Without it GATEWAY_PROFILE decides, and without that there is none.", valueName: "name"))
    var profile: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Sets one value over file, profile and environment: --set server.port=4000. May be given more than once.",
            valueName: "key=value"))
    var overrides: [String] = []

    static let standardFile = "gateway.yaml"
    static let profileVariable = "GATEWAY_PROFILE"

    /// The profile that is asked for: `--profile`, else GATEWAY_PROFILE.
    var chosenProfile: String? {
        if let profile { return profile }
        let variable = Invocation.current.environment[Self.profileVariable] ?? ""
        return variable.isEmpty ? nil : variable
    }

    /// Reads and checks the configuration; prints what there is to say about it.
    ///
    /// - Parameters:
    ///   - fallback: The profile where none is asked for; where the file has no such profile, there is none.
    ///   - isNeeded: Which modules the verb is going to make; the settings of the others may want variables that are not set.
    /// - Returns: The configuration.
    /// - Throws: `ExitCode` with status 78, once everything has been printed.
    func load(fallback: String? = nil, making isNeeded: (@Sendable (any Module.Type) -> Bool)? = nil) throws -> CheckedConfiguration {
        let result = read(fallback: fallback, making: isNeeded)
        let report = DiagnosticReport(result)
        report.print(result.diagnostics)
        guard let configuration = result.configuration else { throw ExitCode(ExitStatus.configuration) }
        return CheckedConfiguration(configuration: configuration, report: report)
    }

    /// Reads and checks the configuration, with a profile where none is asked for, and answers all findings.
    func read(fallback: String?, making isNeeded: (@Sendable (any Module.Type) -> Bool)?) -> ConfigurationResult<CoreSettings> {
        let result = read(profile: chosenProfile ?? fallback, making: isNeeded)
        let lacksFallback = chosenProfile == nil && fallback != nil && result.diagnostics.contains { $0.code == .unknownProfile }
        return lacksFallback ? read(profile: nil, making: isNeeded) : result
    }

    /// Reads and checks the configuration and answers all findings.
    func read(
        profile: String?, checksAllProfiles: Bool = false, verifiesFiles: Bool = false, listsVariables: Bool = false,
        allowsUnset: Bool = false,
        making isNeeded: (@Sendable (any Module.Type) -> Bool)? = nil
    ) -> ConfigurationResult<CoreSettings> {
        var request = request(profile: profile)
        request.checksAllProfiles = checksAllProfiles
        request.verifiesFiles = verifiesFiles
        request.listsVariables = listsVariables
        request.allowsUnset = allowsUnset
        request.isNeeded = isNeeded
        return ConfigurationLoader.load(CoreSettings.self, request, modules: Invocation.current.modules)
    }

    /// What the options ask for.
    func request(profile: String?) -> ConfigurationRequest {
        let environment = Invocation.current.environment
        var request = ConfigurationRequest(file: config, profile: profile, environment: environment, overrides: overrides)
        if self.profile == nil, profile == chosenProfile { request.profileOrigin = .environment(Self.profileVariable) }
        return request
    }
}

/// A configuration without errors, and the way to tell what else may show to be wrong with it.
struct CheckedConfiguration {
    let configuration: LoadedConfiguration<CoreSettings>
    let report: DiagnosticReport
}

/// Prints findings to standard error, in colours on a terminal.
struct DiagnosticReport {
    private let renderer: DiagnosticRenderer
    private let terminal: Terminal

    init(_ result: ConfigurationResult<CoreSettings>) {
        terminal = Invocation.current.terminal
        renderer = DiagnosticRenderer(result, isColoured: terminal.hasColor)
    }

    /// Prints the findings with their lines, and how many there are.
    func print(_ diagnostics: [Diagnostic]) {
        let text = renderer.human(diagnostics)
        if !text.isEmpty { terminal.error(String(text.reversed().drop { $0 == "\n" }.reversed())) }
    }
}
