import ArgumentParser
import GatewayKit

/// What the argument parser finds wrong with a command line, in the form of all other errors.
struct ArgumentFailure {
    /// What the parser threw.
    let error: any Error
    /// The command line.
    let arguments: [String]

    /// The error with its cure.
    var inWords: CommandFailure {
        var command: any ParsableCommand.Type = GatewayCommand.self
        var path = ["gateway"]
        for word in arguments {
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
            command = next
            path.append(word)
        }
        let verb = path.joined(separator: " ")
        let status = command is any AnsweringCommand.Type ? ExitStatus.usage : ExitStatus.failure
        let help = "'\(verb) --help' tells all that it takes"
        let message = GatewayCommand.message(for: error).split(separator: "\n").joined(separator: " ")
        guard let option = message.firstMatch(of: /^Unknown option '(--?[^']+)'/).map({ String($0.1) }) else {
            let text = message.prefix(1).lowercased() + message.dropFirst()
            return CommandFailure(TerminalText.escaped(text.hasSuffix(".") ? String(text.dropLast()) : text), help: help, status: status)
        }
        let near = NameSuggestion.nearest(to: option, in: Self.options(of: command))
        return CommandFailure(
            "'\(verb)' has no option '\(TerminalText.escaped(option))'", help: near.map { "did you mean '\($0)'?" } ?? help, status: status)
    }

    /// The long options that the help page of a verb names.
    private static func options(of command: any ParsableCommand.Type) -> [String] {
        let page = GatewayCommand.helpMessage(for: command, columns: 1000)
        let words = page.split(separator: "\n").compactMap { $0.firstMatch(of: /^ +(?:-\w, )?(--[a-z][a-z-]*)/).map { String($0.1) } }
        return Set(words).sorted()
    }
}
