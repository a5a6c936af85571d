import ArgumentParser
import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayServer

/// `gateway plan`: what a reload would do to the gateway that runs.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Asks the running gateway what a reload with another file would change.",
        discussion: """
            Nothing is changed. The answer names the settings that differ, the modules that come, go or are made anew, what needs a \
            restart, and the subscriptions of live connections that the new rules would end.

            The file is read as a reload of the running gateway would: with the profile, variables and --set of its start, and relative \
            paths start at the folder of its configuration. -c, --profile and --set of this verb find its admin.socket; a --profile \
            that the gateway does not have is an error.

            EXAMPLES
              gateway plan new.yaml
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
        let text = try text()
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
        try compareProfile(answer)
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

    /// What stands in the file; whatever cannot be a configuration is told as `gateway check` does, without a gateway.
    private func text() throws -> String {
        let failure = CommandFailure("cannot read \(TerminalText.escaped(file))", help: "name a file that this user may read")
        guard let handle = FileHandle(forReadingAtPath: file) else { throw failure }
        let data: Data
        do { data = try handle.read(upToCount: YAMLReader.maxFileSize + 1) ?? Data() } catch { throw failure }
        let bytes = Array(data)
        if !bytes.isEmpty, bytes.count <= YAMLReader.maxFileSize, let text = String(validating: bytes, as: UTF8.self) { return text }
        let request = ConfigurationRequest(file: file, text: bytes)
        let result = ConfigurationLoader.load(CoreSettings.self, request, modules: Invocation.current.modules)
        DiagnosticReport(result).print(result.diagnostics)
        throw ExitCode(ExitStatus.configuration)
    }

    /// An answer for another profile than the one that was asked about would lead astray.
    private func compareProfile(_ answer: AdminAnswer) throws {
        guard let asked = configuration.profile, let profile = answer.data?["profile"], profile.string != asked else { return }
        let running = profile.string.map { "the profile \(TerminalText.escaped($0))" } ?? "no profile"
        throw CommandFailure(
            "the running gateway has \(running), and its reload would read the file with that",
            help: "leave --profile out, or look at the other profile with: gateway check -c \(ShellWord.quoted(file)) --profile \(asked)")
    }
}
