import ArgumentParser
import GatewayConfiguration
import GatewayServer

/// `gateway schema`: gateway.yaml for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints what gateway.yaml may say, as JSON Schema for editors.",
        discussion: """
            An editor with a YAML server completes keys, shows their documentation and underlines mistakes, once the file names the \
            schema in its first line:
              # yaml-language-server: $schema=gateway.schema.json

            The schema has all modules that are compiled in, also those under Plugins/. It sees one file by itself: what goes \
            together, and what variables hold, is for gateway check.

            EXAMPLE
              gateway schema > gateway.schema.json
            """)

    func run() {
        let invocation = Invocation.current
        invocation.terminal.output(ConfigurationSchema(CoreSettings.self, modules: invocation.modules).text)
    }
}
