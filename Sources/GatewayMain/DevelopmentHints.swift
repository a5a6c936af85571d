import Foundation
import GatewayKit
import GatewayServer

/// What a person who has just started the gateway on this machine may want to do next.
struct DevelopmentHints {
    /// The configuration file, as it was named.
    let file: String
    /// What `--set` gave.
    let overrides: [String]
    let server: ServerSettings
    /// The port that is really listened on.
    let port: Int
    /// Whether the module `playground` serves its page.
    var hasPage = false
    /// Whether `connect` finds this gateway without being told its URL, by the `admin.socket` of the file.
    var isFound = false

    /// Where to connect, and two commands that make a message arrive.
    var text: String {
        """

        \(page)Connect to \(url). Two commands to paste into two more terminals:

          \(command("--user alice --subscribe messages.channel.general"))
          \(command("--user bob --publish messages.channel.general '{\"content\":\"Hello\"}'"))

        The first prints what the second publishes. Ctrl-C here ends the gateway.\(trust)

        """
    }

    private var page: String {
        guard hasPage else { return "" }
        return "Try it in a browser: \(server.tls == nil ? "http" : "https")://\(server.ownHost):\(port)/\n\n"
    }

    private var trust: String {
        server.tls == nil ? "" : "\n--ca trusts a certificate that signs itself; leave it out where this machine trusts it anyway."
    }

    private var url: String { server.endpoint(port: port) }

    /// A command line that works in a fresh terminal, wherever it opens.
    private func command(_ arguments: String) -> String {
        let folder = ShellWord.quoted(FileManager.default.currentDirectoryPath)
        var words = ["cd \(folder) &&", ShellWord.quoted(Invocation.current.program), "connect"]
        if !isFound { words.append(ShellWord.quoted(url)) }
        if file != "gateway.yaml" { words.append("-c \(ShellWord.quoted(file))") }
        if let tls = server.tls { words.append("--ca \(ShellWord.quoted(tls.certificate.path))") }
        // What changes the key changes the token: the same overrides on both sides.
        words += overrides.filter { $0.hasPrefix("modules.") }.map { "--set \(ShellWord.quoted($0))" }
        return (words + [arguments]).joined(separator: " ")
    }
}
