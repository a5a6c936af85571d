import GatewayKit
import GatewayServer
import NIOCore

extension AdminRoutes {
    var connectionRoutes: [HTTPRoute] { [list, one, disconnectOne, disconnectUser] }

    private var list: HTTPRoute {
        HTTPRoute(
            .get, "/admin/v1/connections",
            HTTPOperation(
                "listConnections", "Lists live connections in the order of their ids.",
                query: [
                    .init("limit", "How many at most, from 1 to 1000; 100 where it is not given.", .integer),
                    .init("after", "The id of the last connection of the page before.", .string(format: "uuid")),
                    .init("user", "Only the connections of this user."),
                ],
                answers: [
                    .success(
                        200, "The connections; `next` is what to give as `after` for more, null at the end.",
                        data: .object(
                            [
                                .init("connections", .array(ConnectionJSON.schema)),
                                .init("next", .nullable(.string(format: "uuid"))),
                            ], isOpen: false))
                ])
        ) { [gateway] request in
            let query = try QueryParameters(request.query)
            let (connections, hasMore) = try await gateway.connections(
                limit: try query.integer("limit", in: 1...1000, default: 100), after: try query.connectionID("after"), user: query["user"])
            var data = JSONWriter()
            data.member("connections", .array(connections.map { .object(ConnectionJSON.members($0)) }))
            data.member("next", (hasMore ? connections.last?.id.description : nil).map { .string($0) } ?? .null)
            return .success(data: data.finish())
        }
    }

    private var one: HTTPRoute {
        HTTPRoute(
            .get, "/admin/v1/connections/<id>",
            HTTPOperation(
                "getConnection", "Shows one live connection with what it is subscribed to.",
                answers: [.success(200, "The connection; the first 1000 of its topics.", data: ConnectionJSON.detailsSchema)],
                refusals: [404])
        ) { [gateway] request in
            guard let details = try await gateway.connection(try Self.connectionID(request)) else { throw Self.noConnection }
            return .success(data: JSONValue.object(ConnectionJSON.members(details)).json)
        }
    }

    private var disconnectOne: HTTPRoute {
        HTTPRoute(
            .post, "/admin/v1/connections/<id>/disconnect",
            HTTPOperation(
                "disconnectConnection", "Closes one connection with 1008 disconnected; its client may come back.",
                answers: [.success(200, "It is closed.", data: Self.disconnectedSchema)], refusals: [404])
        ) { [gateway] request in
            guard try await gateway.disconnect(try Self.connectionID(request)) else { throw Self.noConnection }
            return Self.disconnected(1)
        }
    }

    private var disconnectUser: HTTPRoute {
        HTTPRoute(
            .post, "/admin/v1/disconnect",
            HTTPOperation(
                "disconnectUser", "Closes every connection of a user with 1008 disconnected; the user may come back.",
                body: .object([.init("user", .string(minLength: 1))], isOpen: false),
                answers: [.success(200, "They are closed; 0 where there was none.", data: Self.disconnectedSchema)])
        ) { [gateway] request in
            let body = try AdminBody(request, fields: ["user"])
            return Self.disconnected(try await gateway.disconnect(user: try body.text("user")))
        }
    }

    private static let disconnectedSchema = HTTPSchema.object([.init("disconnected", .integer)], isOpen: false)

    private static func disconnected(_ count: Int) -> HTTPResponse {
        .success(data: JSONValue.object(["disconnected": .integer(Int64(count))]).json)
    }

    /// A text that is no id names no connection either.
    private static func connectionID(_ request: HTTPRequest) throws(HTTPRefusal) -> ConnectionID {
        guard let id = request.parameters["id"].flatMap({ ConnectionID($0) }) else { throw noConnection }
        return id
    }

    private static let noConnection = HTTPRefusal(
        status: 404, Reason("not_found", code: 404), "There is no connection of that id")
}
