import ArgumentParser
import GatewayKit

/// `gateway connect`: a small client for people.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connects as a client: prints the frames that come, sends the lines that are typed.",
        discussion: """
            EXAMPLES
              gateway connect --user alice --subscribe 'messages.channel.general'
              gateway connect --user bob --publish messages.channel.general '{"content":"Hello"}'
              gateway connect wss://gateway.example.com/ws --token "$TOKEN" --subscribe 'messages.**'

            Frames go to standard output, one a line; everything else goes to standard error. A line that is typed is sent as it \
            is, for example {"type":"ping"}. Ctrl-C closes. After --publish without --subscribe the program ends as soon as the \
            gateway has acknowledged the message.

            --user mints a token by the configuration of this machine. Where neither --profile nor GATEWAY_PROFILE says otherwise \
            that is the profile dev.
            """)

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(help: "Where to connect.")
    var url: String?

    @Option(help: ArgumentHelp("Authenticates as this user, with a token by the local configuration.", valueName: "id"))
    var user: String?

    @Option(help: ArgumentHelp("Authenticates with this token.", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("Subscribes to a topic or pattern; quote a pattern. May be given more than once.", valueName: "topic"))
    var subscribe: [String] = []

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Publishes a JSON value to a topic.", valueName: "topic> <json"))
    var publish: [String] = []

    @Option(help: ArgumentHelp("Trusts the certificate authorities of this PEM file, for wss.", valueName: "file"))
    var ca: String?

    func validate() throws {
        if user != nil, token != nil { throw ValidationError("give --user or --token, not both") }
        guard publish.isEmpty || publish.count == 2 || (publish.count == 3 && url == nil) else {
            throw ValidationError("--publish takes a topic and a JSON value: --publish messages.channel.general '{\"content\":\"Hello\"}'")
        }
        if publish.count > 1, !JSONText.isValid(publish[1]) {
            throw ValidationError(
                "--publish: '\(TerminalText.escaped(publish[1]))' is no JSON; a text stands in quotes of its own: '\"Hello\"'")
        }
    }

    func run() async throws {
        // `--publish TOPIC JSON URL`: what stands behind the two words of --publish is the URL.
        let address = try ConnectURL(url ?? (publish.count == 3 ? publish[2] : ConnectURL.standard))
        let publication = publish.count > 1 ? ConnectPlan.Publication(topic: publish[0], data: publish[1]) : nil
        let credentials = try await credentials()
        TerminationSignals.ignoreBrokenPipes()
        let terminal = Invocation.current.terminal
        let frames = try await WebSocketClient(url: address, certificateAuthority: ca).connect()
        terminal.error("connected to \(ConnectURL.text(address))")
        let plan = ConnectPlan(token: credentials, subscriptions: subscribe, publication: publication)
        let status = try await ConnectSession.run(frames, plan, terminal)
        if status != ExitStatus.success { throw ExitCode(status) }
    }

    private func credentials() async throws -> String? {
        if let token { return token }
        guard let user else { return nil }
        let request = try TokenRequest(user: user, timeToLive: "1d")
        return try await request.token(configuration.load(fallback: "dev"))
    }
}
