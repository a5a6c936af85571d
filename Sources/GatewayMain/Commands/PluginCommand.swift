import ArgumentParser

/// `gateway plugin`: modules of one's own.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Begins a module of your own.",
        discussion: """
            EXAMPLE
              gateway plugin new BlockList --stage accept
            """,
        subcommands: [PluginNewCommand.self])

    func run() throws { throw CleanExit.helpRequest(self) }
}
