import ArgumentParser
import GatewayKit
import GatewayServer

/// Who the made-up client is.
struct SimulationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The client's access token; - reads it from standard input.", valueName: "token"))
    var token: String?

    @Option(help: ArgumentHelp("The user's id, in place of a token: the auth stage is skipped.", valueName: "id"))
    var user: String?

    @Option(name: .customLong("role"), help: ArgumentHelp("A role, with --user. May be given more than once.", valueName: "name"))
    var roles: [String] = []

    @Option(
        name: .customLong("claim"),
        help: ArgumentHelp(
            "A further claim, with --user; the value may be JSON. May be given more than once.", valueName: "name=value"))
    var claims: [String] = []

    @Option(help: ArgumentHelp("The address that the client connects from.", valueName: "address"))
    var ip = "127.0.0.1"

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp(
            "A header line of the upgrade request, such as 'Origin: https://app.example.com'. May be given more than once.",
            valueName: "name: value"))
    var headers: [String] = []

    /// The client, with what it wants.
    ///
    /// - Throws: `CommandFailure` that names the option at fault.
    func request(_ action: SimulatedRequest.Action) async throws -> SimulatedRequest {
        var request = SimulatedRequest(action, credentials: try await credentials(), address: try Self.address(ip))
        request.headers = try headers.map(Self.header)
        if action == .ingress, !headers.isEmpty {
            throw CommandFailure("--header says nothing about ingress", help: "it is for the upgrade request of a WebSocket")
        }
        return request
    }

    /// Reads an address.
    ///
    /// - Throws: `CommandFailure` where it is none.
    static func address(_ text: String) throws -> ClientAddress {
        guard let address = ClientAddress(text) else {
            throw CommandFailure("--ip '\(TerminalText.escaped(text))' is no address", help: "write it like 203.0.113.7 or 2001:db8::1")
        }
        return address
    }

    private func credentials() async throws -> SimulatedRequest.Credentials {
        guard let user else {
            guard roles.isEmpty, claims.isEmpty else { throw CommandFailure("--role and --claim need --user", help: "a token has its own") }
            return try await token.asyncMap { .token(try await TokenArgument.read($0)) } ?? .none
        }
        guard token == nil else { throw CommandFailure("--token and --user are both given", help: "one of them says who the client is") }
        let request = try TokenRequest(user: user, roles: roles, claims: claims)
        return .claims(Principal(userID: user, claims: request.claims.merging(["sub": .string(user)]) { $1 }))
    }

    private static func header(_ line: String) throws -> (name: String, value: String) {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        guard parts.count == 2, !parts[0].isEmpty, line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw CommandFailure(
                "--header '\(TerminalText.escaped(line))' is no header line", help: "write it like --header 'Origin: https://example.com'")
        }
        return (String(parts[0]), value)
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ body: (Wrapped) async throws -> Result) async rethrows -> Result? {
        if let self { try await body(self) } else { nil }
    }
}
