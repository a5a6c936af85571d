import GatewayKit

/// A token on the command line, or, for `-`, on standard input: what stands on a command line, others on the machine can read.
enum TokenArgument {
    /// The token, without the white space around it.
    ///
    /// - Throws: `CommandFailure` where there is none.
    static func read(_ argument: String) async throws -> String {
        guard argument == "-" else { return try checked(argument) }
        for await line in Invocation.current.terminal.lines() {
            let token = trimmed(line)
            if !token.isEmpty { return token }
        }
        return try checked("")
    }

    private static func checked(_ text: String) throws -> String {
        let token = trimmed(text)
        guard !token.isEmpty else { throw CommandFailure("there is no token", help: "give it, or - to read it from standard input") }
        return token
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
