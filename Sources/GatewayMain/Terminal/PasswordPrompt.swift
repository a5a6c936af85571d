import Foundation

/// Reads a password: the first line of standard input, unseen where somebody types it.
enum PasswordPrompt {
    /// Reads the line.
    ///
    /// - Throws: `CommandFailure` where there is none.
    static func read() async throws -> String {
        let terminal = Invocation.current.terminal
        let line = try await terminal.unseen {
            for await line in terminal.lines() { return line }
            throw CommandFailure("there is no password on standard input", help: "write it there: gateway user add EMAIL < FILE")
        }
        // A file from elsewhere may end its lines in another way.
        return line.hasSuffix("\r") ? String(line.dropLast()) : line
    }
}

extension Terminal {
    /// Does something while what is typed does not show, if it is a person that types.
    fileprivate func unseen<Result>(_ body: () async throws -> Result) async throws -> Result {
        var before = termios()
        guard isInteractive, tcgetattr(STDIN_FILENO, &before) == 0 else { return try await body() }
        error("password:")
        var after = before
        after.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &after)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return try await body()
    }
}
