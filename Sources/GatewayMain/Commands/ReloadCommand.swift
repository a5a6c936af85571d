import ArgumentParser
import GatewayKit

/// `gateway reload`: puts the changed file in force.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Makes the running gateway read its configuration anew.",
        discussion: """
            The gateway is found by admin.socket of the configuration. It reads the file, profile, variables and --set of its own start; \
            connections stay open. Where the file has errors, or changes what only a start reads, the old configuration serves on.

            EXAMPLES
              gateway reload --profile prod
              gateway reload --socket /run/gateway/gateway.sock

            The exit status is 0 where the file is in force, 78 where it was refused, 1 where no gateway answers.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var admin: AdminOptions

    func run() async throws {
        let terminal = Invocation.current.terminal
        let client: AdminClient
        do {
            client = try admin.client(configuration, patience: .seconds(60))
        } catch let error as ExitCode {
            // The findings have been told: admin.socket, by which it would be asked, stands in the same file.
            terminal.error("the running gateway was not asked: it serves on as it is")
            throw error
        }
        let answer: AdminAnswer
        do throws(AdminCallFailure) {
            answer = try await client.call(.post, "/admin/v1/reload")
        } catch {
            throw error.inWords(client)
        }
        if let text = answer.data?["text"]?.string { return terminal.output(text) }
        guard answer.status == 422, let text = answer.json["error"]?["details"]?["text"]?.string else {
            throw CommandFailure("the gateway answered \(answer.refusal ?? "something else")", help: "look at its log")
        }
        terminal.error(text)
        throw ExitCode(ExitStatus.configuration)
    }
}
