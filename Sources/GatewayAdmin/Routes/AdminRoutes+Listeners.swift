import GatewayKit
import GatewayServer

extension AdminRoutes {
    /// Tells `gateway check --live` which ports are the gateway's own, and `gateway connect` where the endpoint is.
    var listenerRoutes: [HTTPRoute] {
        let listener = HTTPSchema.object(
            [.init("address", .string()), .init("port", .integer), .init("endpoint", .string(), isRequired: false)], isOpen: false)
        let operation = HTTPOperation(
            "listListeners",
            "Lists the addresses and ports that the gateway listens on; `endpoint` is the WebSocket URL as the gateway's machine reaches it.",
            answers: [.success(200, "All of them.", data: .object([.init("listeners", .array(listener))], isOpen: false))])
        return [
            HTTPRoute(.get, "/admin/v1/listeners", operation) { [gateway] _ in
                let listeners = gateway.listeningAddresses.map { address -> JSONValue in
                    var members: [String: JSONValue] = ["address": .string(address.ip), "port": .integer(Int64(address.port))]
                    members["endpoint"] = address.endpoint.map { .string($0) }
                    return .object(members)
                }
                return .success(data: JSONValue.object(["listeners": .array(listeners)]).json)
            }
        ]
    }
}
