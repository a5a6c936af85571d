import GatewayKit

/// What became of connections whose tokens a verb has revoked.
enum RevocationOutcome: Sendable {
    /// The gateway that runs has closed so many when it was told.
    case closed(Int)
    /// The change was taken out of the database by somebody else, as a gateway does that has the same one.
    case nothingToTell
    /// The configuration has no socket to ask by.
    case noSocket
    case unanswered(AdminClient, AdminCallFailure)
    /// A gateway answered, and did not do it.
    case refused(AdminClient, String)

    /// Says it to who called the verb.
    func tell(_ terminal: Terminal) {
        switch self {
        // Of none, the gateway may have closed them itself just before: it looks into the database too.
        case .closed(0): terminal.output("no connection was left to close")
        case .closed(1): terminal.output("1 connection closed")
        case .closed(let count): terminal.output("\(count) connections closed")
        case .nothingToTell:
            terminal.output("the gateway that runs found the change before it was told, and closes the connections itself")
        case .noSocket:
            terminal.output("the configuration has no admin socket: a gateway that runs closes the connections within a second")
        case .unanswered(let client, .notRunning):
            terminal.output(
                """
                nobody listens on \(TerminalText.escaped(client.socket.path)): a gateway that runs closes the connections within a second, \
                else the change counts from its next start on
                """)
        case .unanswered(let client, let failure):
            terminal.error(
                """
                warning: \(failure.inWords(client).message)
                help: what is revoked is kept all the same, and a gateway that is well finds it within a second: look at its log
                """)
        case .refused(let client, let words):
            terminal.error(
                """
                warning: the gateway on \(TerminalText.escaped(client.socket.path)) answered \(words)
                help: what is revoked is kept all the same, but the gateway did not take it: look at its log
                """)
        }
    }
}
