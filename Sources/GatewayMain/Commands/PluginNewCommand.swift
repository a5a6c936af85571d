import ArgumentParser
import Foundation

/// `gateway plugin new`: a module of one's own that works, to change into another.
struct PluginNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a small module that works, with its tests, and prints its lines for gateway.yaml.",
        discussion: """
            It works in the gateway's source folder. The module is Plugins/NAME/NAME.swift, its tests are \
            Tests/PluginTests/NAMETests.swift; what is there already is left alone. What it begins as depends on the stage:

              accept     may this address connect?       turns networks away
              handshake  is this request welcome?        answers to some host names alone
              auth       who is it?                      knows a service by its key
              route      may it do that?                 makes topics read-only
              frame      a whole message, before JSON    answers a heartbeat in plain text
              deliver    what becomes of a message?      spares those who fall behind
              pubsub     how do messages travel?         within the process, counting
              http       what is answered to HTTP?       tells whose a token is

            EXAMPLES
              gateway plugin new BlockList --stage accept
              gateway plugin new read_only_topics --stage route
              gateway plugin new Greeter --stage http --print
            """)

    @Argument(help: "What it is called: QuietHours, or quiet_hours, which becomes that.")
    var name: String

    @Option(help: ArgumentHelp("What it decides.", valueName: PluginStage.allCases.map(\.rawValue).joined(separator: "|")))
    var stage: PluginStage

    @Flag(help: "Prints the module and its tests, and writes nothing.")
    var print = false

    func run() throws {
        let invocation = Invocation.current
        if print {
            let template = stage.template(try PluginName(name))
            return invocation.terminal.output("\(template.module)\n\(template.test.trimmingCharacters(in: .newlines))")
        }
        let package = try GatewayPackage(around: invocation.folder)
        let name = try PluginName(name)
        let template = stage.template(name)
        let files = PluginFiles(name)
        try TakenNames(package: package, modules: invocation.modules).check(name)
        try files.write(template, in: package)

        let change = package.folder.path == invocation.folder ? "" : "  cd \(ShellWord.quoted(package.folder.path))\n"
        invocation.terminal.output(
            """
            wrote \(files.module)
            wrote \(files.test)

            \(name.type) \(template.purpose): change it into what you need.

            For gateway.yaml as it is now; put it in before you begin another module, or that one's lines leave this one out:

            \(ConfigurationLines(package, stage.stage, template).text)
            \(template.note.map { "\n\($0)\n" } ?? "")
            What to do next:

            \(change)\(Self.commands(name, files))

            docs/plugins.md tells the rest.
            """)
    }

    private static func commands(_ name: PluginName, _ files: PluginFiles) -> String {
        let commands = [
            ("scripts/run", "builds it in, checks gateway.yaml, and serves"),
            (".build/release/gateway check --profile dev", "checks gateway.yaml alone, once it is built in"),
            ("swift test --filter \(name.type)Tests", "runs its tests; the first time all is built for that, some minutes"),
            ("scripts/docs", "has editors complete it in gateway.yaml: docs/gateway.schema.json"),
            ("rm -r \(files.folder) \(files.test)", "removes it again; its lines in gateway.yaml go too"),
        ]
        // The last one is long, and would push the others' words out of sight.
        let width = commands.dropLast().map(\.0.count).max() ?? 0
        return commands.map { command, words in
            "  " + (command.count > width ? command : command.padding(toLength: width, withPad: " ", startingAt: 0)) + "  " + words
        }.joined(separator: "\n")
    }
}
