import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import IngressModule

/// A second route, with everything that a route can have.
struct OrdersRouteTests {
    private let tester = IngressTester()
    private static let key = String(repeating: "k", count: 32)

    private static let orders = """
        {method: PUT, path: "/api/shops/<shop>/orders/<orderId>", authentication: api_key, api_key: \(key), sender: shop-backend, \
        event: order.placed, topics: [orders, "orders.shop.<shop>", "orders.number.<number>", "orders.from.<senderId>"], \
        fields: [{name: number, type: integer, required: true}, {name: total, type: number}, {name: items, type: array, required: true}, \
        {name: express, type: boolean}, {name: address, type: object}, {name: note, max_length: 5}, {name: extra, type: any}], \
        at_most_one: [[express, note]], generate: {updatedAt: time, eventId: id}, status: 202, response: id}
        """

    private func make() throws -> Ingress {
        try tester.make("{routes: [{method: POST, path: /api/messages, event: message.sent, topics: [messages]}, \(Self.orders)]}")
    }

    private func put(_ body: String, shop: String = "berlin", orderID: String = "o 1") throws -> HTTPRequest {
        try IngressTester.request(
            body, path: "/api/shops/\(shop)/orders/o%201", parameters: ["shop": shop, "orderId": orderID], userID: nil)
    }

    @Test func `two routes stand side by side`() throws {
        let routes = try make().routes
        #expect(routes.map { "\($0.method.rawValue) \($0.path)" } == ["POST /api/messages", "PUT /api/shops/<shop>/orders/<orderId>"])
        guard case .apiKey(let secret) = routes[1].authentication else {
            Issue.record("not for who has the key")
            return
        }
        #expect(secret == Secret(Self.key))
    }

    @Test func `an order becomes an event, with its parameters, and its id is answered`() async throws {
        let body = #"{"items":[{"sku": 1}],"number":7,"total":1.50,"currency":"EUR","shop":"paris"}"#
        let response = try await make().routes[1].answer(put(body))
        let published = try #require(tester.publisher.published.first)
        let id = try #require(JSON(parsing: published.data)["eventId"]?.string)
        #expect(response.status == 202)
        #expect(response.data == #"{"eventId":"\#(id)"}"#)
        #expect(
            published.data == #"{"eventId":"\#(id)","shop":"berlin","orderId":"o 1","number":7,"total":1.50,"items":[{"sku": 1}],"#
                + #""currency":"EUR","updatedAt":"2026-01-01T00:00:00.000Z"}"#)
        #expect(published.topics == ["orders", "orders.shop.berlin", "orders.number.7", "orders.from.shop-backend"])
        #expect(published.eventType == "order.placed")
    }

    @Test func `the sender is the name that the key stands for, to subscribers and to the rules`() async throws {
        _ = try await make().routes[1].answer(put(#"{"items":[],"number":7}"#))
        #expect(tester.publisher.published.first?.sender == #""senderId":"shop-backend","senderConnectionId":null"#)
        #expect(tester.publisher.published.first?.principal?.userID == "shop-backend")
    }

    @Test(arguments: [
        (#""number":1.5"#, "number", "must be an integer"), (#""number":"7""#, "number", "must be an integer"),
        (#""number":7.0"#, "number", "must be a string or an integer, as it names a topic"),
        (#""number":7,"total":"1""#, "total", "must be a number"), (#""number":7,"express":1"#, "express", "must be true or false"),
        (#""number":7,"address":[]"#, "address", "must be an object"),
        (#""number":7,"note":"123456""#, "note", "must have at most 5 characters"),
        (#""number":7,"express":true,"note":"x""#, "note", "must not stand beside express"),
    ])
    func `a field of another type is 400`(_ members: String, _ field: String, _ issue: String) async throws {
        let refusal = try await make().refusal(of: put(#"{"items":[],\#(members)}"#), route: 1)
        #expect(refusal?.status == 400)
        #expect(refusal?.field == field)
        #expect(refusal?.issue == issue)
    }

    @Test func `a field that should be a list and is none is 400`() async throws {
        #expect(try await make().refusal(of: put(#"{"number":7,"items":{}}"#), route: 1)?.issue == "must be an array")
    }

    @Test(arguments: [#""note":"12345""#, #""note":"🙂🙂🙂🙂🙂""#, #""express":false"#, #""extra":null"#, #""total":0"#, #""address":{}"#])
    func `a field of its type passes`(_ member: String) async throws {
        #expect(try await make().refusal(of: put(#"{"items":[],"number":-7,\#(member)}"#), route: 1) == nil)
    }

    @Test func `a parameter that is no segment of a topic is 400`() async throws {
        let refusal = try await make().refusal(of: put(#"{"items":[],"number":7}"#, shop: "a.b"), route: 1)
        #expect(refusal?.field == "shop")
    }

    @Test func `where no topic can be filled the request is 400`() async throws {
        let module = try tester.make(
            "{routes: [{method: POST, path: /a, event: a, topics: [\"a.<x>\", \"b.<y>\"], fields: [{name: x}, {name: y}]}]}")
        let refusal = try await module.refusal("{}")
        #expect(refusal?.reason == .missingField)
        #expect(refusal?.field == "x")
        #expect(try await module.refusal(#"{"y":"1"}"#) == nil)
        #expect(tester.publisher.published.map(\.topics) == [["b.1"]])
    }

    @Test func `a route for everybody knows no sender`() async throws {
        let module = try tester.make("{routes: [{method: POST, path: /a, authentication: none, event: a, topics: [a], fields: []}]}")
        let data = try await module.post(#"{"userId":"eve","n":1}"#, userID: nil).data
        #expect(try JSON(parsing: data).members?.keys.sorted() == ["createdAt", "id", "n", "updatedAt"])
        #expect(tester.publisher.published.first?.sender == #""senderId":null,"senderConnectionId":null"#)
        #expect(tester.publisher.published.first?.principal == nil)
        #expect(module.routes[0].operation.refusals == [400, 403, 409, 413, 429, 503])
    }

    @Test func `a DELETE without fields has no body`() async throws {
        let module = try tester.make(
            "{routes: [{method: DELETE, path: \"/a/<x>\", event: a, topics: [\"a.<x>\"], fields: [], generate: {}}]}")
        #expect(module.routes[0].operation.body == nil)
        let request = try IngressTester.request("not looked at", path: "/a/1", parameters: ["x": "1"])
        #expect(try await module.routes[0].answer(request).data == #"{"x":"1"}"#)
    }

    @Test func `ids of operations differ`() throws {
        let route = "event: a, topics: [a]}"
        let module = try tester.make("{routes: [{method: POST, path: /a/b, \(route), {method: POST, path: /a-b, \(route)]}")
        #expect(module.routes.map(\.operation.id) == ["postAB", "postAB2"])
    }
}
