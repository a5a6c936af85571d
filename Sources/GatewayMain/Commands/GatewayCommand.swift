import ArgumentParser

/// The program's verbs.
struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "A real-time WebSocket gateway, configured by one YAML file.",
        discussion: """
            The first steps:
              gateway check --profile dev       tells whether gateway.yaml is right
              gateway run --profile dev         serves on this machine
              gateway connect --user alice      is a client to type into
              gateway modules                   lists what gateway.yaml can name
              gateway plugin new NAME ...       begins a module of your own

            The exit status is 0 where all went well, 78 where the configuration has errors or asks for what this machine refuses, such \
            as a port in use, 1 for everything else; plan has 3 beside them. \
            `simulate` and `token check` answer with it: 0 is yes, 1 is no, and 64 is a command line that makes no sense.
            """,
        version: GatewayVersion.current,
        subcommands: [
            RunCommand.self, CheckCommand.self, PlanCommand.self, ReloadCommand.self, ExplainCommand.self, SimulateCommand.self,
            ConnectCommand.self,
            ModulesCommand.self, PluginCommand.self, TokenCommand.self,
            UserCommand.self, OpenAPICommand.self, SchemaCommand.self, InitCommand.self, EnvCommand.self,
            DoctorCommand.self,
        ])

    func run() throws { throw CleanExit.helpRequest(self) }
}
