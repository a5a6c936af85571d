import GatewayKit

/// What became of connections whose tokens a verb has revoked.
enum RevocationOutcome: Sendable {
    /// The gateway that runs has closed so many.
    case closed(Int)
    /// The configuration has no socket to ask by.
    case noSocket
    case unanswered(AdminClient, AdminCallFailure)
    /// A gateway answered, and did not do it.
    case refused(AdminClient, String)

    /// Says it to who called the verb.
    func tell(_ terminal: Terminal) {
        let later = "the tokens are worthless all the same: a gateway with this configuration closes their connections within a second"
        switch self {
        case .closed(1): terminal.output("1 connection closed")
        case .closed(let count): terminal.output("\(count) connections closed")
        case .noSocket:
            terminal.output("admin.socket is not set: a gateway that runs closes the connections within a second")
        case .unanswered(let client, .notRunning):
            terminal.output("no gateway runs on \(TerminalText.escaped(client.socket.path)): it counts from its next start on")
        case .unanswered(let client, let failure):
            terminal.error("warning: \(failure.inWords(client).message)\nhelp: \(later)")
        case .refused(let client, let words):
            terminal.error("warning: the gateway on \(TerminalText.escaped(client.socket.path)) answered \(words)\nhelp: \(later)")
        }
    }
}
