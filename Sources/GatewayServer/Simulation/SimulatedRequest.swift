package import GatewayKit

/// What a made-up client does.
package struct SimulatedRequest: Sendable {
    /// How the client says who it is.
    package enum Credentials: Sendable {
        /// Not at all.
        case none
        /// By a token, which the auth stage checks.
        case token(String)
        /// As this one: nobody checks it.
        case claims(Principal)
    }

    /// What it wants.
    package enum Action: String, Sendable, CaseIterable {
        /// Receive what is published.
        case subscribe
        /// Publish over the WebSocket.
        case publish
        /// Publish over HTTP.
        case ingress
        /// Nothing but to be known: a token is checked.
        case authenticate
    }

    /// What the client wants.
    package var action: Action
    /// The topic or pattern, as the client writes it.
    package var topic = ""
    /// What it publishes, as JSON.
    package var data = "{}"
    /// `eventType`; nil leaves it out.
    package var eventType: String?
    /// How it says who it is.
    package var credentials: Credentials
    /// The address at the other end of the connection.
    package var address: ClientAddress
    /// Header lines of the upgrade request beside those that it needs.
    package var headers: [(name: String, value: String)] = []

    /// Describes a client.
    package init(_ action: Action, credentials: Credentials, address: ClientAddress) {
        self.action = action
        self.credentials = credentials
        self.address = address
    }

    /// The stages that the client meets.
    package var stages: [Stage] {
        switch (action, credentials) {
        case (.authenticate, _): [.auth]
        case (.ingress, .token): [.auth, .route]
        case (.ingress, .none), (.ingress, .claims): [.route]
        case (.subscribe, .claims), (.publish, .claims), (.subscribe, .none), (.publish, .none): [.accept, .handshake, .route]
        case (.subscribe, .token), (.publish, .token): [.accept, .handshake, .auth, .route]
        }
    }

    /// Whether a module of that type is asked on the client's way, and so has to be made.
    package func meets(_ type: any Module.Type) -> Bool {
        stages.contains { $0.isServed(by: type) }
    }
}
