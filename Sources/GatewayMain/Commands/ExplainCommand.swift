import ArgumentParser
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// `gateway explain`: what is in force, and why.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Prints the effective configuration: each value with its origin.",
        discussion: """
            Each value says where it comes from and what it overrode:
              rate: 20/s  # gateway.yaml:59:15, profile prod; over :28:11

            An origin is default, a place in the file, the profile that the place belongs to, a variable of the environment, or --set. \
            Secrets are ***. A variable that is not set is a warning and stands as ${NAME}; the exit status is 78 then, as it is for errors.

            EXAMPLES
              gateway explain --profile dev
              gateway explain modules.rate_limit --profile prod
              gateway explain server.port --set server.port=4000
              gateway explain --pipeline --profile dev
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "Where to look: server, modules.rate_limit, server.port. Without it, everything.")
    var path: String?

    @Flag(help: "Prints the chain of modules as it runs, stage by stage.")
    var pipeline = false

    func run() throws {
        if pipeline, path != nil {
            throw CommandFailure("a path and --pipeline are both given", help: "one of them says what to print")
        }
        let result = configuration.read(profile: configuration.chosenProfile, allowsUnset: true)
        DiagnosticReport(result).print(result.diagnostics)
        guard let loaded = result.configuration else { throw ExitCode(ExitStatus.configuration) }
        try show(loaded)
        if result.diagnostics.contains(where: { $0.code == .unsetVariable }) { throw ExitCode(ExitStatus.configuration) }
    }

    private func show(_ loaded: LoadedConfiguration<CoreSettings>) throws {
        let terminal = Invocation.current.terminal
        var lines = AnnotatedLines(isColoured: terminal.outputHasColor)
        if pipeline {
            for part in PipelineExplanation(loaded).parts { Self.add(part, to: &lines) }
            return terminal.output(lines.text)
        }
        let explanation = ConfigurationExplanation(loaded, modules: Invocation.current.modules)
        guard let path else {
            lines.add("# \(configuration.config), \(loaded.profile.map { "profile \($0)" } ?? "no profile")")
            lines.add(explanation.values)
            return terminal.output(lines.text)
        }
        do throws(ExplanationPath.Failure) {
            lines.add(try ExplanationPath(path).narrow(explanation.values))
        } catch {
            throw CommandFailure(TerminalText.escaped(error.message), help: TerminalText.escaped(error.help))
        }
        terminal.output(lines.text)
    }

    private static func add(_ part: PipelineExplanation.Part, to lines: inout AnnotatedLines) {
        lines.add(part.title)
        if part.modules.isEmpty { lines.add("no module", indent: 1) }
        for module in part.modules {
            let settings = module.settings.isEmpty ? "" : "  {\(module.settings.joined(separator: ", "))}"
            lines.add(module.instance + settings, module.origin, indent: 1)
        }
    }
}
