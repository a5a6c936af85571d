import Foundation
import GatewayKit

/// Reads a password: the first line of standard input; where somebody types it, unseen and twice.
enum PasswordPrompt {
    /// Reads the line.
    ///
    /// - Throws: `CommandFailure` where there is none.
    static func read() async throws -> String {
        let terminal = Invocation.current.terminal
        let lines = try await terminal.unseen { () -> [String] in
            var lines: [String] = []
            for await line in terminal.lines() {
                lines.append(line)
                // Nobody sees a slip of his fingers.
                if lines.count == 1, terminal.isInteractive { terminal.error("again:") } else { break }
            }
            return lines
        }
        guard let line = lines.first, !terminal.isInteractive || lines.count == 2 else {
            throw CommandFailure("there is no password on standard input", help: "write it there: gateway user add EMAIL < FILE")
        }
        guard lines.allSatisfy({ $0.hasSameBytes(as: line) }) else {
            throw CommandFailure("the two passwords are not the same", help: "try again")
        }
        // What reads lines puts this character where the bytes are none.
        guard !line.unicodeScalars.contains("\u{FFFD}") else {
            throw CommandFailure("the password is not valid UTF-8", help: "write it in UTF-8")
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
