package import GatewayKit
package import GatewayServer
package import NIOCore

/// Everything that the admin listener and its Unix socket answer; who may ask is for ``AdminGuard`` to say.
package struct AdminRoutes: Sendable {
    let gateway: Gateway
    let logThreshold: LogThreshold
    let metrics: MetricRegistry
    let openAPI: (@Sendable () throws -> ByteBuffer)?
    let revoke: (@Sendable (Revocation) async throws -> Int)?
    let reloading: Reloading?

    /// Makes the routes of a running gateway.
    ///
    /// - Parameters:
    ///   - gateway: The gateway.
    ///   - logThreshold: What all loggers of the process ask how much to log.
    ///   - metrics: What modules and libraries count.
    ///   - openAPI: Makes the description of the HTTP API, as JSON; nil leaves its route out.
    ///   - revoke: Revokes tokens and answers how many connections that has closed; nil where nothing of the deployment can, which leaves its route out.
    ///   - reloading: Reloads the configuration; nil leaves its routes out.
    /// - Returns: The routes, none of which asks for authentication itself.
    package static func make(
        gateway: Gateway, logThreshold: LogThreshold, metrics: MetricRegistry, openAPI: (@Sendable () throws -> ByteBuffer)? = nil,
        revoke: (@Sendable (Revocation) async throws -> Int)? = nil, reloading: Reloading? = nil
    ) -> [HTTPRoute] {
        let routes = AdminRoutes(
            gateway: gateway, logThreshold: logThreshold, metrics: metrics, openAPI: openAPI, revoke: revoke, reloading: reloading)
        return HealthRoutes.make(isForOperators: true) { await gateway.readiness() } + [routes.metricsRoute] + routes.connectionRoutes
            + routes.topicRoutes
            + routes.revocationRoutes + routes.logLevelRoutes + routes.reloadRoutes + routes.listenerRoutes + routes.openAPIRoutes
    }

    private var metricsRoute: HTTPRoute {
        HTTPRoute(
            .get, "/metrics",
            HTTPOperation(
                "metrics", "Everything that is counted, in the text format of Prometheus.",
                answers: [.init(200, "The metrics.", type: PrometheusText.contentType)])
        ) { [self] _ in
            let families = try await gateway.metrics() + ProcessMetrics.families() + metrics.families()
            return HTTPResponse(
                status: 200, headers: [("Content-Type", PrometheusText.contentType), ("Cache-Control", "no-store")],
                body: PrometheusText.render(families))
        }
    }

    private var openAPIRoutes: [HTTPRoute] {
        guard let openAPI else { return [] }
        return [
            HTTPRoute(
                .get, "/admin/v1/openapi.json",
                HTTPOperation(
                    "openAPI", "The description of the HTTP API.",
                    answers: [.init(200, "An OpenAPI 3.1 document.", schema: .object([], isOpen: true))])
            ) { _ in .json(200, try openAPI()) }
        ]
    }
}
