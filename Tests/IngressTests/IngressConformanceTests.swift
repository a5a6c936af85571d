import GatewayTestKit
import IngressModule
import Testing

struct IngressConformanceTests {
    private static let routes = """
        {method: PUT, path: /api/orders/<orderId>/lines, event: order.changed, topics: ["orders.<orderId>", orders], \
        fields: [{name: state, required: true, max_length: 10}, {name: count, type: integer}, {name: rest, type: any}], \
        at_most_one: [[count, rest]], status: 200, response: id}, \
        {method: DELETE, path: /api/orders/<orderId>, authentication: api_key, api_key: 0123456789abcdef0123456789abcdef, sender: shop, \
        event: order.gone, topics: [orders], fields: []}, \
        {method: POST, path: /api/notes, authentication: none, event: note, topics: [notes], generate: {id: id, at: time}}
        """

    @Test(arguments: ModuleConformance<Ingress>.checks, ["{}", "{rate: 1/s, burst: 60, routes: [\(routes)]}"])
    func `routes that become events conform`(check: ModuleConformance<Ingress>.Check, settings: String) async throws {
        try await ModuleConformance(Ingress.self, settings: settings, changed: "{idempotency: {max_answers: 1}}").run(check)
    }
}
