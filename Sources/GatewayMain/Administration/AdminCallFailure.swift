import GatewayKit
import Glibc
import NIOCore

/// Why the admin socket gave no answer.
enum AdminCallFailure: Error, Equatable {
    /// Nobody listens there, or there is no such file.
    case notRunning
    /// The file system lets this user not in.
    case notPermitted
    /// Something listens, and as many as it lets wait are waiting already.
    case busy
    /// Something listens, and does not answer in time.
    case silent
    /// What answered is no gateway, or went away in the middle.
    case broken
    /// The system says why.
    case unreachable(Int32)

    /// What a failed connect means.
    init(connecting error: any Error) {
        switch (error as? IOError)?.errnoCode {
        case ENOENT, ECONNREFUSED, ENOTDIR: self = .notRunning
        case EACCES, EPERM: self = .notPermitted
        // The queue of those who wait to be let in is full.
        case EAGAIN: self = .busy
        case let number?: self = .unreachable(number)
        case nil: self = .broken
        }
    }
}

extension AdminCallFailure {
    /// What happened and what to do, for a verb that cannot do without an answer.
    ///
    /// - Parameter client: Who asked.
    /// - Returns: The failure of the verb.
    func inWords(_ client: AdminClient) -> CommandFailure {
        let path = TerminalText.escaped(client.socket.path)
        return switch self {
        case .notRunning:
            CommandFailure("no gateway runs: nobody listens on \(path)", help: "start it with the same configuration: gateway run")
        case .notPermitted:
            CommandFailure("\(path) is not for this user", help: "run this as the user that the gateway runs as")
        case .busy: CommandFailure("the gateway on \(path) lets nobody in: too many wait already", help: "look at its log")
        case .silent:
            CommandFailure(
                "the gateway on \(path) did not answer within \(client.patience.components.seconds) s", help: "look at its log")
        case .broken:
            CommandFailure(
                "what listens on \(path) did not answer as a gateway does, or went away", help: "look at what runs there, and at its log")
        case .unreachable(let number): CommandFailure("cannot reach \(path): \(String(cString: strerror(number)))")
        }
    }
}
