import ArgumentParser
import Foundation

/// `gateway init`: a file to start with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a gateway.yaml to start with: short, commented, right as it is.",
        discussion: """
            The file has what people change first. Its profile dev runs at once; prod needs two variables, which the file names. \
            A file that is there already is left alone.

            EXAMPLES
              gateway init
              gateway init config/gateway.yaml
            """)

    @Argument(help: "Where to write.")
    var file = "gateway.yaml"

    func run() throws {
        let url = URL(fileURLWithPath: file)
        let schema = ["gateway.schema.json", "docs/gateway.schema.json"].first { name in
            FileManager.default.fileExists(atPath: url.deletingLastPathComponent().appending(path: name).path)
        }
        try Self.write(StarterConfiguration.text(schema: schema), to: file)
        let invocation = Invocation.current
        let program = ShellWord.quoted(invocation.program)
        let option = file == "gateway.yaml" ? "" : " -c \(ShellWord.quoted(file))"
        invocation.terminal.output(
            """
            wrote \(TerminalText.escaped(file)); what to do next:

              \(program) run\(option) --profile dev
              \(program) connect\(option) --user alice --subscribe messages.channel.general
              \(program) connect\(option) --user bob --publish messages.channel.general '{"content":"Hello"}'
              \(program) env\(option) --profile prod
            """)
    }

    /// Writes a new file, whole or not at all.
    private static func write(_ text: String, to file: String) throws {
        let shown = TerminalText.escaped(file)
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            throw CommandFailure("\(shown) is there already", help: "name another file: gateway init FILE")
        } catch CocoaError.fileNoSuchFile {
            throw CommandFailure("cannot write \(shown): its folder is not there", help: "make it, or name another file")
        } catch {
            throw CommandFailure("cannot write \(shown): \(FileFailure.words(error))", help: "name another file: gateway init FILE")
        }
    }
}
