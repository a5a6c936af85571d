import ArgumentParser
import Foundation
import GatewayKit

/// `gateway plan`: what a reload would do to the gateway that runs.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Asks the running gateway what a reload with another file would change.",
        discussion: """
            Nothing is changed. The answer names the settings that differ, the modules that come, go or are made anew, what needs a \
            restart, and the subscriptions of live connections that the new rules would end. Relative paths in the file start at the \
            folder of the configuration that serves.

            EXAMPLES
              gateway plan new.yaml --profile prod
              gateway plan new.yaml --socket /run/gateway/gateway.sock

            The exit status is 0 where a reload would do it or change nothing, 3 where it needs a restart, 78 where the file has errors, \
            1 where no gateway answers.
            """)

    @Argument(help: "The file that would take the place of the configuration.")
    var file: String

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var admin: AdminOptions

    func run() async throws {
        let terminal = Invocation.current.terminal
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("cannot read \(TerminalText.escaped(file))", help: "name a file that this user may read")
        }
        guard let text = String(data: data, encoding: .utf8), !text.isEmpty, data.count <= Self.maxBytes else {
            throw CommandFailure(
                "\(TerminalText.escaped(file)) is no configuration: it is empty, larger than 1MiB or no UTF-8",
                status: ExitStatus.configuration)
        }
        let client = try admin.client(configuration, patience: .seconds(30))
        let answer: AdminAnswer
        do throws(AdminCallFailure) {
            answer = try await client.call(.post, "/admin/v1/plan", .object(["text": .string(text), "file": .string(file)]))
        } catch {
            throw error.inWords(client)
        }
        guard let answered = answer.data?["text"]?.string else {
            throw CommandFailure("the gateway answered \(answer.refusal ?? "something else")", help: "look at its log")
        }
        switch answer.data?["result"]?.string.flatMap(ReloadPlan.Result.init) {
        case .refused:
            terminal.error(answered)
            throw ExitCode(ExitStatus.configuration)
        case .restart:
            terminal.output(answered)
            throw ExitCode(ExitStatus.restart)
        case .ready, .unchanged, nil: terminal.output(answered)
        }
    }

    /// What a configuration may have.
    private static let maxBytes = 1 << 20
}
