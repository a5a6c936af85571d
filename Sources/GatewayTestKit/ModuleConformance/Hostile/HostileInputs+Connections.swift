import GatewayKit

/// A connection from its first moment to its last.
struct ConnectionLife: Sendable {
    /// Who comes; nil for somebody who leaves before saying it.
    let principal: Principal?
    let address: ClientAddress
    let patterns: [TopicPattern]
    let end: ConnectionEnd

    /// Tells a module how it begins, as the core does: the connection is nobody's at first.
    func begin(_ client: TestConnection, _ module: any EventHooks) {
        client.authenticate(as: nil)
        module.opened(client.connection)
        guard let principal else { return }
        client.authenticate(as: principal)
        module.authenticated(client.connection)
        for pattern in patterns { module.subscribed(pattern, client.connection) }
    }

    /// Tells a module how it ends, whoever has heard of its beginning.
    func end(_ client: TestConnection, _ module: any EventHooks) {
        client.authenticate(as: principal)
        for pattern in patterns { module.unsubscribed(pattern, client.connection) }
        module.closed(client.connection, end)
    }
}

extension ConnectionLife: CustomStringConvertible {
    var description: String {
        let user = principal.map { "user \(String($0.userID.prefix(60)).debugDescription)" } ?? "nobody"
        return "the connection of \(user) from \(address), closed with \(end.code) \(end.reason)"
    }
}

extension HostileInputs {
    /// How connections end: by whom and why ever.
    private static let ends: [ConnectionEnd] = [
        ConnectionEnd(code: 1000, reason: Reason("client_closed", code: 0)),
        ConnectionEnd(code: 1005, reason: Reason("client_closed", code: 0)),
        ConnectionEnd(code: 1006, reason: Reason("connection_lost", code: 0)),
        ConnectionEnd(code: 4999, reason: Reason("client_closed_4999", code: 0)),
        ConnectionEnd(code: 1000, reason: Reason("closed", code: 0)), ConnectionEnd(code: 1001, reason: .draining),
        ConnectionEnd(code: 1002, reason: .protocolError), ConnectionEnd(code: 1008, reason: .revoked),
        ConnectionEnd(code: 1008, reason: Reason(String(repeating: "x", count: 64), code: 403)),
    ]

    /// A connection of everybody, with an eighth of the patterns each: all patterns meet all kinds of users.
    var connections: [ConnectionLife] {
        let patterns = patterns
        return principals.enumerated().map { index, principal in
            ConnectionLife(
                principal: principal, address: Self.addresses[index % Self.addresses.count],
                patterns: principal == nil ? [] : stride(from: index % 8, to: patterns.count, by: 8).map { patterns[$0] },
                end: Self.ends[index % Self.ends.count])
        }
    }
}
