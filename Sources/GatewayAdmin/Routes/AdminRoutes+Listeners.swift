import GatewayKit
import GatewayServer

extension AdminRoutes {
    /// Tells `gateway check --live` which ports are the gateway's own.
    var listenerRoutes: [HTTPRoute] {
        let listener = HTTPSchema.object([.init("address", .string()), .init("port", .integer)], isOpen: false)
        let operation = HTTPOperation(
            "listListeners", "Lists the addresses and ports that the gateway listens on.",
            answers: [.success(200, "All of them.", data: .object([.init("listeners", .array(listener))], isOpen: false))])
        return [
            HTTPRoute(.get, "/admin/v1/listeners", operation) { [gateway] _ in
                let listeners = gateway.listeningAddresses.map { address -> JSONValue in
                    .object(["address": .string(address.ip), "port": .integer(Int64(address.port))])
                }
                return .success(data: JSONValue.object(["listeners": .array(listeners)]).json)
            }
        ]
    }
}
