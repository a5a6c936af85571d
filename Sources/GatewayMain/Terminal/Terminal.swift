private import Foundation

/// Where a verb reads and writes.
package struct Terminal: Sendable {
    /// Writes one line, or several, to standard output.
    package let output: @Sendable (String) -> Void
    /// Writes one line, or several, to standard error.
    package let error: @Sendable (String) -> Void
    /// The lines that are typed; ends with standard input.
    package let lines: @Sendable () -> AsyncStream<String>
    /// The signals that ask the program to end, as they come.
    package let terminations: @Sendable () -> AsyncStream<Int32>
    /// The signals that ask for a reload, as they come.
    package let hangups: @Sendable () -> AsyncStream<Int32>
    /// Yields once nobody reads standard output any more.
    package let outputEnded: @Sendable () -> AsyncStream<Void>
    /// Whether standard error is looked at by a person, in colours.
    package let hasColor: Bool
    /// The same for standard output.
    package let outputHasColor: Bool
    /// Whether a person types what is read.
    package let isInteractive: Bool

    package init(
        output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void,
        lines: @escaping @Sendable () -> AsyncStream<String>, terminations: @escaping @Sendable () -> AsyncStream<Int32>,
        hangups: @escaping @Sendable () -> AsyncStream<Int32> = { AsyncStream { $0.finish() } },
        outputEnded: @escaping @Sendable () -> AsyncStream<Void>, hasColor: Bool, outputHasColor: Bool = false,
        isInteractive: Bool = false
    ) {
        self.output = output
        self.error = error
        self.lines = lines
        self.terminations = terminations
        self.hangups = hangups
        self.outputEnded = outputEnded
        self.hasColor = hasColor
        self.outputHasColor = outputHasColor
        self.isInteractive = isInteractive
    }

    /// The streams and signals of this process.
    static let process = Terminal(
        output: { write($0, to: STDOUT_FILENO) },
        error: { write($0, to: STDERR_FILENO) },
        lines: StandardInput.lines,
        terminations: TerminationSignals.stream,
        hangups: TerminationSignals.hangups,
        outputEnded: { StandardOutput.ended() },
        hasColor: showsColor(STDERR_FILENO), outputHasColor: showsColor(STDOUT_FILENO),
        isInteractive: isatty(STDIN_FILENO) == 1)

    /// Whether colours are wanted there (https://no-color.org).
    private static func showsColor(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Writes the text and a line feed; what cannot be written is lost.
    private static func write(_ text: String, to descriptor: Int32) {
        try? FileHandle(fileDescriptor: descriptor).write(contentsOf: Data((text + "\n").utf8))
    }
}
