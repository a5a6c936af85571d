import ArgumentParser
import GatewayKit
import GatewayServer

/// `gateway simulate`: what would become of a client, and which rule says so.
struct SimulateCommand: AsyncParsableCommand, AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Tells what would become of a client, module by module, without serving.",
        discussion: """
            A made-up client meets the modules of the configuration as a real one does, over a connection within this process. Each
            module is a line: its verdict, the time that it took, and why; for authorization the rule that decided, with its place.
            Nothing is published and no file is made. Connections and rates count from zero: what a running gateway has counted is
            not known here.

            EXAMPLES
              gateway simulate --user alice subscribe 'messages.**'
              gateway simulate --token "$TOKEN" --ip 203.0.113.7 subscribe messages
              gateway simulate --user bob --role admin publish news --data '{"a":1}'
              gateway simulate --header 'Origin: https://example.com' subscribe news
              gateway simulate --user alice ingress messages --json

            The exit status is 0 where the client gets what it wants, 1 where it is refused, 64 where the command line makes no
            sense, 78 where the configuration has errors.
            """)

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case subscribe, publish, ingress
    }

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var client: SimulationOptions

    @Option(help: ArgumentHelp("What is published, as JSON.", valueName: "json"))
    var data: String?

    @Option(help: ArgumentHelp("The type of the event that is published.", valueName: "type"))
    var eventType: String?

    @Flag(help: "Prints one JSON object, for programs.")
    var json = false

    @Argument(help: "What the client wants: subscribe or publish over the WebSocket, ingress over HTTP.")
    var action: Action

    @Argument(help: "The topic; a subscription may have wildcards.")
    var topic: String

    func run() async throws {
        let request = try await reading { try await wanted() }
        let report = try await OfflineSimulation.run(request, configuration)
        let terminal = Invocation.current.terminal
        if json {
            terminal.output(SimulationJSON(report: report).text)
        } else {
            let text = SimulationText(request: request, report: report, isColoured: terminal.outputHasColor)
            terminal.output(text.lines.joined(separator: "\n"))
        }
        if !report.isAllowed { throw ExitCode(ExitStatus.failure) }
    }

    private func wanted() async throws -> SimulatedRequest {
        var request = try await client.request(SimulatedRequest.Action(rawValue: action.rawValue) ?? .subscribe)
        request.topic = topic
        if action == .subscribe, data != nil || eventType != nil {
            throw CommandFailure("--data and --event-type say nothing about a subscription", help: "they are for publish and ingress")
        }
        if let data {
            guard JSONValue(json: Array(data.utf8)) != nil else {
                throw CommandFailure("--data is no JSON", help: #"write it like --data '{"content":"Hello"}'"#)
            }
            request.data = data
        }
        request.eventType = eventType
        return request
    }
}
