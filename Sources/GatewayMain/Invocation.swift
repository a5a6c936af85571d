import ArgumentParser
import Foundation
package import GatewayKit

/// One call of the program: all that a verb takes from its surroundings, so that a test can give it others.
package struct Invocation: Sendable {
    /// The module types that gateway.yaml may name.
    package let modules: [any Module.Type]
    /// The environment variables.
    package let environment: [String: String]
    /// The program as it was called: the first word of the command line.
    package let program: String
    /// The folder that it was called in, as an absolute path.
    package let folder: String
    /// Where text comes from and goes to.
    package let terminal: Terminal

    /// The call at hand; verbs are made by the argument parser, which can hand them nothing.
    @TaskLocal static var current = Invocation(modules: [], environment: [:], program: "gateway", terminal: .process)

    package init(
        modules: [any Module.Type], environment: [String: String], program: String, terminal: Terminal,
        folder: String = FileManager.default.currentDirectoryPath
    ) {
        self.modules = modules
        self.environment = environment
        self.program = program
        self.folder = folder
        self.terminal = terminal
    }

    /// Runs one command line and answers its exit status.
    package func run(_ arguments: [String]) async -> Int32 {
        do {
            if let failure = takenName ?? UnknownVerb.failure(for: arguments) { throw failure }
            var command = try GatewayCommand.parseAsRoot(NegativeNumber.shielded(arguments))
            try await Self.$current.withValue(self) {
                if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
            }
            return ExitStatus.success
        } catch let failure as CommandFailure {
            terminal.error(failure.text)
            return failure.status
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            return finish(error, arguments)
        }
    }

    /// The failure of a program with two modules of one name, of which gateway.yaml could only ever mean the first.
    private var takenName: CommandFailure? {
        for (index, type) in modules.enumerated() {
            guard let first = modules[..<index].first(where: { $0.name == type.name }) else { continue }
            return CommandFailure(
                "two modules are called '\(TerminalText.escaped(type.name))': \(String(reflecting: first)) and \(String(reflecting: type))",
                help: "give \(String(reflecting: type)) another `static let name` and build again")
        }
        return nil
    }

    /// Prints what the argument parser has to say: a help page or the version, or what is wrong with the arguments.
    private func finish(_ error: any Error, _ arguments: [String]) -> Int32 {
        guard GatewayCommand.exitCode(for: error).isSuccess else {
            let failure = ArgumentFailure(error: error, arguments: arguments).inWords
            terminal.error(failure.text)
            return failure.status
        }
        terminal.output(GatewayCommand.fullMessage(for: error))
        return ExitStatus.success
    }
}

/// The exit statuses of the program.
enum ExitStatus {
    /// All went well.
    static let success: Int32 = 0
    /// Everything that has no status of its own.
    static let failure: Int32 = 1
    /// What was planned needs a restart.
    static let restart: Int32 = 3
    /// The command line makes no sense, told by verbs whose 1 is an answer (`EX_USAGE` of sysexits.h).
    static let usage: Int32 = 64
    /// The configuration has errors, or this machine refuses what it asks for, such as a port (`EX_CONFIG` of sysexits.h).
    static let configuration: Int32 = 78
}
