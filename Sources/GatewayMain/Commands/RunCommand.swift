import ArgumentParser
import GatewayAdmin
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Logging
import NIOCore
import PlaygroundModule

/// `gateway run`: check, then serve.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Checks the configuration, then serves.",
        discussion: """
            EXAMPLES
              gateway run --profile dev
              gateway run -c /etc/gateway.yaml --profile prod
              gateway run --profile dev --set server.port=4000 --set log.level=debug

            SIGHUP and `gateway reload` read the configuration anew, and so does every change of the file with --watch; connections stay \
            open. SIGTERM and SIGINT (Ctrl-C) send every client away and end the program; a second one ends it at once.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Flag(help: "Reloads whenever the content of the configuration file changes.")
    var watch = false

    func run() async throws {
        let terminal = Invocation.current.terminal
        // Before anything that takes time: a SIGHUP would end the process.
        let hangups = terminal.hangups()
        // Before the file is read, so that no change is missed.
        let fileWatch = watch ? FileWatch(path: configuration.config) : nil
        let checked = try configuration.load()
        let loaded = checked.configuration
        TerminationSignals.ignoreBrokenPipes()
        let sink = LogSink(output: terminal.error)
        defer { sink.flush() }
        // Before modules and libraries make their counters.
        _ = MetricRegistry.process
        let threshold = LogThreshold(loaded.core.log.level)
        let logger = Self.logger(loaded.core.log, threshold, terminal, sink)
        logger.info("gateway \(GatewayVersion.current) starts", metadata: startFields(loaded))
        Self.raiseFileLimit(logger, for: loaded.core.server.maxConnections)
        let showHints = { @Sendable [self] port in
            guard let hints = hints(loaded, port) else { return }
            sink.flush()
            terminal.error(hints.text)
        }
        let reloader = Reloader(
            configuration.request(profile: loaded.profile), modules: Invocation.current.modules, loaded, threshold, logger)
        let reloading = Self.reloading(reloader, hangups, fileWatch?.changes())
        defer { reloading.forEach { $0.cancel() } }
        do {
            try await Serving(signals: terminal.terminations(), logger: logger, onStart: showHints).run {
                let gateway = try await Gateway.start(loaded.core, pipeline: loaded.pipeline, logger: logger) { gateway in
                    let admin = try await AdminListeners.open(
                        loaded.core.admin, gateway, logThreshold: threshold, logger: logger,
                        reloading: Reloading(reload: reloader.routes.reload, plan: reloader.routes.plan)
                    ) {
                        OpenAPICommand.document(of: gateway.routes, loaded.core.server)
                    }
                    if let token = admin?.oneTimeToken { Self.tell(token, loaded.core.log, logger, sink) }
                }
                await reloader.serve(gateway)
                return gateway
            }
        } catch let failure as ConfigurationFailure {
            sink.flush()
            checked.report.print([failure.diagnostic(in: loaded.root)])
            throw ExitCode(ExitStatus.configuration)
        }
    }

    /// What to do next; nil where nobody could.
    private func hints(_ loaded: LoadedConfiguration<CoreSettings>, _ port: Int) -> DevelopmentHints? {
        // JSON is for machines, and without the endpoint there is nothing to connect to.
        guard loaded.profile == "dev", loaded.core.server.enabled, loaded.core.log.format == .text else { return nil }
        var hints = DevelopmentHints(
            file: configuration.config, overrides: configuration.overrides, server: loaded.core.server, port: port)
        let admin = loaded.core.admin
        // A fresh terminal has the file, and not what --set gave.
        let isOverridden = configuration.overrides.contains { $0.hasPrefix("admin.socket=") || $0.hasPrefix("admin.enabled=") }
        hints.isFound = admin.enabled && admin.socket != nil && !isOverridden
        hints.hasPage = loaded.pipeline.stages[.http, default: []].contains { $0.type.name == Playground.name }
        return hints
    }

    /// Reloads at each signal and each change of the file, until it is cancelled.
    private static func reloading(
        _ reloader: Reloader, _ hangups: AsyncStream<Int32>, _ changes: AsyncStream<Void>?
    ) -> [Task<Void, Never>] {
        [
            Task { for await _ in hangups { await reloader.reload("SIGHUP") } },
            Task {
                guard let changes else { return }
                for await _ in changes { await reloader.reload("change of the file") }
            },
        ]
    }

    /// Prints the token that is made for this run.
    private static func tell(_ token: String, _ log: LogSettings, _ logger: Logger, _ sink: LogSink) {
        // Logs for machines are kept, and no place for a token.
        guard log.format == .text else { return logger.info("admin.token is not set: the admin API answers on its socket alone") }
        sink.flush()
        Invocation.current.terminal.error("admin token, for this run alone: \(token)")
    }

    private static func raiseFileLimit(_ logger: Logger, for connections: Int) {
        guard let limit = OpenFileLimit.raise() else { return }
        if limit.after > limit.before {
            logger.info("the limit of open files is raised", metadata: ["from": "\(limit.before)", "to": "\(limit.after)"])
        }
        if limit.after < UInt64(clamping: connections) {
            logger.warning(
                "the system allows fewer open files than server.max_connections, and the smaller number applies",
                metadata: ["open_files": "\(limit.after)", "max_connections": "\(connections)"])
        }
    }

    private static func logger(_ settings: LogSettings, _ threshold: LogThreshold, _ terminal: Terminal, _ sink: LogSink) -> Logger {
        let style: LogStyle =
            switch settings.format {
            case .text: .text(hasColor: terminal.hasColor)
            case .json: .json
            }
        return Logger(label: "gateway") { _ in GatewayLogHandler(threshold: threshold, style: style, sink: sink) }
    }

    /// What runs: the profile or that there is none, the modules, the event loops.
    private func startFields(_ loaded: LoadedConfiguration<CoreSettings>) -> Logger.Metadata {
        let modules = Stage.allCases.flatMap { loaded.pipeline.stages[$0] ?? [] }.map(\.instance)
        return [
            "configuration": "\(configuration.config)",
            "profile": "\(loaded.profile ?? "none")",
            "modules": "\(modules.joined(separator: ","))",
            "event_loops": "\(loaded.core.server.eventLoops == .auto ? "\(System.coreCount)" : loaded.core.server.eventLoops.settingText)",
        ]
    }
}
