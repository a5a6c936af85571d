public import GatewayKit

/// The module `ingress`: makes events of HTTP requests, by routes that the configuration maps.
///
/// A route checks the body, makes an object of it, publishes that to the route's topics and answers with it. Without settings there is
/// one route: `POST /api/messages`.
public struct Ingress: HTTPModule {
    /// The name in gateway.yaml.
    public static let name = "ingress"
    /// What the module does.
    public static let summary = "Makes events of HTTP requests: each route checks a body, and publishes it to its topics."

    /// What the module answers: a route for each that is configured.
    public let routes: [HTTPRoute]

    /// Makes the routes; levels and kept answers are those of the generation before.
    ///
    /// - Throws: ``ModuleError`` for a route that wants an API key and has none.
    public init(settings: IngressSettings, context: ModuleContext) throws {
        let desk = RequestDesk(
            rate: TokenRate(settings.rate, burst: settings.burst), limits: settings.idempotency,
            rates: context.state("rates") { RequestRates() }, answers: context.state("answers") { AnswerStore() }, clock: context.clock,
            publisher: context.publisher)
        var ids: Set<String> = []
        routes = try settings.routes.all.map { route in
            let id = Self.unique(route.operationID, &ids)
            let handler = EventRoute(route, desk)
            return HTTPRoute(
                route.keys.method.method, route.keys.path, authentication: try route.authentication, route.operation(id: id)
            ) { request in try await handler.answer(request) }
        }
    }

    private static func unique(_ id: String, _ known: inout Set<String>) -> String {
        var candidate = id
        var count = 1
        while !known.insert(candidate).inserted {
            count += 1
            candidate = "\(id)\(count)"
        }
        return candidate
    }
}

extension IngressRoute {
    /// Who may call the route.
    fileprivate var authentication: HTTPAuthentication {
        get throws(ModuleError) {
            switch keys.authentication {
            case .token: return .bearer
            case .none: return .none
            case .apiKey:
                guard let key = keys.apiKey else { throw ModuleError("a route has no api_key", setting: "routes", code: .missingKey) }
                return .apiKey(key)
            }
        }
    }
}
