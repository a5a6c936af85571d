import ArgumentParser
import GatewayConfiguration
import GatewayKit

/// `gateway connect`: a small client for people.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connects as a client: prints the frames that come, sends the lines that are typed.",
        discussion: """
            EXAMPLES
              gateway connect --user alice --subscribe 'messages.channel.general'
              gateway connect --user bob --publish messages.channel.general '{"text":"Hi"}'
              gateway connect wss://example.com/ws --token "$TOKEN" --subscribe messages

            Frames go to standard output, one a line; everything else goes to standard error. A line that is typed is sent as it \
            is, for example {"type":"ping"}. Ctrl-C closes. After --publish without --subscribe the program ends as soon as the \
            gateway has acknowledged the message.

            --user mints a token by the configuration of this machine, which also says where to connect without a URL: the gateway that \
            runs is asked by admin.socket, else server.host, port, path and tls count. Where neither --profile nor GATEWAY_PROFILE \
            says otherwise that is the profile dev.
            """)

    /// The profile where none is asked for.
    static let profile = "dev"

    @OptionGroup var configuration: ConfigurationOptions

    @Argument(
        help:
            "Where to connect: the gateway of the configuration unless given. localhost:3000 and 3000 are short for \(ConnectURL.standard)."
    )
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

    func run() async throws {
        if user != nil, token != nil { throw CommandFailure("--user and --token are both given", help: "one of them says who connects") }
        let publication = try publication()
        // `--publish TOPIC JSON URL`: what stands behind the two words of --publish is the URL.
        let given = try (url ?? (publish.count == 3 ? publish[2] : nil)).map { try ConnectURL($0) }
        let (token, signatureHint) = try await credentials()
        let address = if let given { given } else { try await ownEndpoint() }
        if ca != nil, !address.isSecure {
            throw CommandFailure("--ca is for wss, and \(address.text) is not", help: "write wss://, or leave --ca out")
        }
        TerminationSignals.ignoreBrokenPipes()
        let terminal = Invocation.current.terminal
        let frames = try await WebSocketClient(url: address, certificateAuthority: ca).connect()
        terminal.error("connected to \(address.text)")
        let plan = ConnectPlan(token: token, signatureHint: signatureHint, subscriptions: subscribe, publication: publication)
        let status = try await ConnectSession.run(frames, plan, terminal)
        if status != ExitStatus.success { throw ExitCode(status) }
    }

    /// Where to connect without a URL.
    private func ownEndpoint() async throws -> ConnectURL {
        let own = OwnEndpoint(configuration: configuration.read(fallback: Self.profile) { _ in false })
        if let complaint = own.complaint { Invocation.current.terminal.error(complaint) }
        return try await own.url()
    }

    /// What is to be published; nil for nothing.
    private func publication() throws -> ConnectPlan.Publication? {
        if publish.isEmpty { return nil }
        guard publish.count == 2 || (publish.count == 3 && url == nil) else {
            throw CommandFailure(
                publish.count > 3 ? "--publish is given more than once" : "--publish takes a topic and a JSON value",
                help: "write it once: --publish messages.channel.general '{\"content\":\"Hello\"}'")
        }
        guard JSONText.isValidMember(publish[1]) else {
            throw CommandFailure(
                "--publish: '\(TerminalText.escaped(publish[1]))' is no JSON that the gateway reads",
                help: "a text stands in quotes of its own: '\"Hello\"'")
        }
        return ConnectPlan.Publication(topic: publish[0], data: publish[1])
    }

    /// The token, and what to look at where its signature is refused.
    private func credentials() async throws -> (token: String?, signatureHint: String?) {
        guard let user else { return (token, nil) }
        let request = try TokenRequest(user: user, timeToLive: "1d")
        let checked = try configuration.load(fallback: Self.profile) { OfflineProvider.tokenIssuer.isProvider($0) }
        let profile = checked.configuration.profile.map { "with profile \($0)" } ?? "without a profile"
        let hint = "the token was made \(profile) of \(configuration.config); give the --profile and -c that the gateway runs with"
        return (try await request.token(checked), hint)
    }
}
