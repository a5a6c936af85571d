import GatewayKit

/// Whose request it is: what rates and idempotency keys belong to.
enum IngressClient: Hashable {
    case user(String)
    /// Who holds an API key, by the sender that the route names.
    case application(String)
    case address(ClientAddress)

    init(_ request: HTTPRequest, _ route: IngressRoute) {
        switch (route.keys.authentication, request.principal, route.keys.sender) {
        case (.token, let principal?, _): self = .user(principal.userID)
        case (.apiKey, _, let sender?): self = .application(sender)
        case (.token, nil, _), (.apiKey, _, nil), (.none, _, _): self = .address(request.address.group)
        }
    }

    /// The sender as the event names it.
    var sender: String? {
        switch self {
        case .user(let id), .application(let id): id
        case .address: nil
        }
    }

    /// Who asks for the event to be let in: the rules know an application by its name.
    func principal(_ request: HTTPRequest) -> Principal? {
        switch self {
        case .user: request.principal
        case .application(let name): Principal(userID: name)
        case .address: nil
        }
    }

    /// A text that no other client has.
    var text: String {
        switch self {
        case .user(let id): "user \(id)"
        case .application(let name): "application \(name)"
        case .address(let group): "address \(group)"
        }
    }
}
