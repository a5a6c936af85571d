import ArgumentParser

/// A verb whose exit status is an answer: 0 is yes and 1 is no, so a command line that makes no sense is 64 (`EX_USAGE` of sysexits.h).
protocol AnsweringCommand: ParsableCommand {}

extension AnsweringCommand {
    /// Runs `body`, which reads the command line: what it finds wrong has the status of a wrong command line.
    func reading<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as CommandFailure {
            throw CommandFailure(failure.message, help: failure.help, status: ExitStatus.usage)
        }
    }
}
