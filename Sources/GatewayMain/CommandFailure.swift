/// Why a verb cannot go on, in words for people.
struct CommandFailure: Error {
    /// What is wrong: in lower case, no full stop.
    let message: String
    /// What to write or do instead.
    let help: String?
    /// The exit status.
    let status: Int32

    init(_ message: String, help: String? = nil, status: Int32 = ExitStatus.failure) {
        self.message = message
        self.help = help
        self.status = status
    }

    /// The message and the help, in the form of diagnostics.
    var text: String { "error: \(message)" + (help.map { "\nhelp: \($0)" } ?? "") }
}
