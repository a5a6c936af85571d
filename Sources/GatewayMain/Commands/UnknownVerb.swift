import ArgumentParser
import GatewayKit

/// Answers a word that is no verb with the verb that was probably meant.
enum UnknownVerb {
    /// The failure of a command line whose verb, or verb of a verb, does not exist; nil where it does.
    static func failure(for arguments: [String]) -> CommandFailure? {
        var command: any ParsableCommand.Type = GatewayCommand.self
        var path = ["gateway"]
        // `gateway help VERB` asks about the same verbs.
        for word in arguments.first == "help" ? arguments.dropFirst() : arguments[...] {
            let verbs = command.configuration.subcommands
            guard !verbs.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            guard let next = verbs.first(where: { $0._commandName == word }) else {
                return failure(word, in: path, known: verbs.map { $0._commandName })
            }
            command = next
            path.append(word)
        }
        return nil
    }

    private static func failure(_ word: String, in path: [String], known: [String]) -> CommandFailure {
        let verb = path.joined(separator: " ")
        let help = NameSuggestion.nearest(to: word, in: known).map { "did you mean '\(verb) \($0)'?" }
        return CommandFailure(
            "'\(verb)' has no verb '\(TerminalText.escaped(word))'", help: help ?? "it has: \(known.joined(separator: ", "))")
    }
}
