package import GatewayKit

/// `/livez` and `/readyz`, which need no token on any listener.
package enum HealthRoutes {
    /// Their paths, which are answered before the modules have started too.
    static let paths: Set<String> = ["/livez", "/readyz"]

    /// Makes the routes.
    ///
    /// - Parameters:
    ///   - isForOperators: Whether the answer says where the broker is and what is wrong with it, which is nothing for everybody.
    ///   - readiness: Asked for each `/readyz`; before there is a gateway it answers ``Readiness/starting``.
    /// - Returns: Both routes.
    package static func make(isForOperators: Bool = false, readiness: @escaping @Sendable () async -> Readiness) -> [HTTPRoute] {
        let status = HTTPSchema.object([.init("status", .string())], isOpen: false)
        return [
            HTTPRoute(
                .get, "/livez",
                HTTPOperation(
                    "live", "Whether the process answers; looks at nothing else.",
                    answers: [.success(200, "It does.", data: status)])
            ) { _ in answer("live") },
            HTTPRoute(
                .get, "/readyz",
                HTTPOperation(
                    "ready", "Whether clients should be sent here.",
                    answers: [.success(200, "They should.", data: status)], refusals: [503])
            ) { _ in
                switch await readiness() {
                case .ready: return answer("ready")
                case .starting: throw HTTPRefusal.starting
                case .draining: throw HTTPRefusal(status: 503, .draining, "The gateway is going down")
                case .adapterDown(let fault):
                    let why = isForOperators ? ": \(fault)" : "; the admin listener and the log say why"
                    throw HTTPRefusal(status: 503, .brokerUnavailable, "Messages do not flow\(why)")
                }
            },
        ]
    }

    private static func answer(_ status: String) -> HTTPResponse {
        var data = JSONWriter()
        data.member("status", .string(status))
        return .success(data: data.finish())
    }
}

extension HTTPRefusal {
    /// The modules have not started yet.
    static var starting: HTTPRefusal { HTTPRefusal(status: 503, .starting, "The gateway is starting") }
}
