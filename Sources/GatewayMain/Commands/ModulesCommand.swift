import ArgumentParser
import Foundation
import GatewayKit

/// `gateway modules`: what is compiled in.
struct ModulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modules",
        abstract: "Lists the modules that gateway.yaml can name.",
        discussion: """
            A module fills a stage of the pipeline. The list has the built-in modules and those under Plugins/.

            EXAMPLES
              gateway modules
              gateway modules describe rate_limit
            """,
        subcommands: [ModulesDescribeCommand.self])

    @Flag(help: "Prints the reference of all settings, of the core and of the built-in modules, as it stands in docs/configuration.md.")
    var markdown = false

    func run() {
        let invocation = Invocation.current
        guard !markdown else { return invocation.terminal.output(MarkdownReference(modules: BuiltInModules.all).text) }
        let rows = invocation.modules.map { ModuleReference(type: $0) }
        let nameWidth = rows.map(\.name.count).max() ?? 0
        let stageWidth = rows.map(\.stageText.count).max() ?? 0
        for row in rows {
            let columns = [
                row.name.padding(toLength: nameWidth, withPad: " ", startingAt: 0),
                row.stageText.padding(toLength: stageWidth, withPad: " ", startingAt: 0),
                row.summary + (row.takesRawMessages ? " Takes raw messages, before authentication." : ""),
            ]
            invocation.terminal.output(columns.joined(separator: "  "))
        }
    }
}

/// `gateway modules describe NAME`: all about one module.
struct ModulesDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Tells all about one module: its stage, its settings, an example.",
        discussion: """
            EXAMPLE
              gateway modules describe size_limit
            """)

    @Argument(help: "The module's name, as `gateway modules` lists it.")
    var name: String

    func run() throws {
        let invocation = Invocation.current
        // `rate_limit/publish` is an instance of `rate_limit`.
        let wanted = name.split(separator: "/").first.map(String.init) ?? name
        guard let type = invocation.modules.first(where: { $0.name == wanted }) else {
            let names = invocation.modules.map { $0.name }
            let help = NameSuggestion.nearest(to: wanted, in: names).map { "did you mean '\($0)'?" }
            throw CommandFailure(
                "no module '\(TerminalText.escaped(name))'", help: help ?? "compiled in: \(names.joined(separator: ", "))")
        }
        invocation.terminal.output(ModuleReference(type: type, among: invocation.modules).description)
    }
}
