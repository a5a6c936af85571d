import Foundation
import GatewayHTTP
import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

struct OpenAPIDocumentTests {
    @Test(.timeLimit(.minutes(1))) func `openapi-spec-validator finds no fault, whatever the routes look like`() async throws {
        let validator = try await SpecValidator.run(on: document(SampleRoutes.all))
        #expect(validator.status == 0, "\(validator.output)")
        #expect(validator.output.contains("OK"))
    }

    @Test(.timeLimit(.minutes(1))) func `openapi-spec-validator finds no fault with no route at all`() async throws {
        let validator = try await SpecValidator.run(on: document([]))
        #expect(validator.status == 0, "\(validator.output)")
    }

    @Test func `the same routes give the same bytes`() {
        #expect(document(SampleRoutes.all) == document(SampleRoutes.all))
        #expect(
            document([]).hasPrefix(#"{"openapi":"3.1.0","info":{"title":"Sample","version":"1.2.3"},"servers":[{"url":"http://a.b"}],"#))
    }

    @Test func `a parameter of the path is a required string`() throws {
        let operation = try operation("/api/channels/{channelId}/messages", "post", SampleRoutes.create)
        #expect(
            operation["parameters"]?[0] == [
                "name": "channelId", "in": "path", "required": true, "schema": ["type": "string", "minLength": 1],
            ])
    }

    @Test func `headers and the query stand beside it`() throws {
        let parameters = try operation("/api/channels/{channelId}/messages", "post", SampleRoutes.create)["parameters"]?.elements ?? []
        #expect(parameters.map { $0["in"] } == ["path", "query", "header"])
        #expect(parameters.map { $0["name"] } == ["channelId", "dryRun", "Idempotency-Key"])
    }

    @Test func `a body is JSON and has to be there`() throws {
        let body = try operation("/api/channels/{channelId}/messages", "post", SampleRoutes.create)["requestBody"]
        #expect(body?["required"] == true)
        #expect(body?["content"]?["application/json"]?["schema"]?["required"] == ["content"])
        #expect(body?["content"]?["application/json"]?["schema"]?["additionalProperties"] == true)
    }

    @Test func `a token and a key are asked for where the route asks`() throws {
        let all = try JSON(parsing: document(SampleRoutes.all))
        #expect(all["components"]?["securitySchemes"]?.members?.keys.sorted() == ["apiKey", "bearer"])
        #expect(try operation("/api/channels/{channelId}/messages", "post", SampleRoutes.create)["security"] == [["bearer": []]])
        #expect(try operation("/hooks", "put", SampleRoutes.keyed)["security"] == [["apiKey": []]])
        let open = try operation("/", "get", SampleRoutes.page)
        #expect(open["security"] == nil)
        #expect(open["responses"]?["401"] == nil)
    }

    @Test func `what the core may answer stands with every operation`() throws {
        let page = try statuses("/", "get", SampleRoutes.page)
        #expect(page == ["200", "400", "405", "408", "413", "417", "429", "431", "500", "503"])
        let create = try statuses("/api/channels/{channelId}/messages", "post", SampleRoutes.create)
        #expect(create == ["201", "400", "401", "403", "404", "405", "408", "413", "415", "417", "429", "431", "500", "503"])
    }

    @Test func `a status that is an answer and a refusal is either`() throws {
        let ready = try operation("/ready", "get", SampleRoutes.ready)["responses"]?["503"]
        let schemas = ready?["content"]?["application/json"]?["schema"]?["anyOf"]
        #expect(schemas?[0]?["type"] == "object")
        #expect(schemas?[1] == ["$ref": "#/components/schemas/Error"])
    }

    @Test func `too many and not now say when to come back`() throws {
        let responses = try JSON(parsing: document(SampleRoutes.all))["components"]?["responses"]
        for status in [429, 503] { #expect(responses?["Refused\(status)"]?["headers"]?["Retry-After"]?["schema"] == ["type": "integer"]) }
        #expect(responses?["Refused400"]?["headers"] == nil)
    }

    @Test func `a parameter that cannot be decoded is a path that nothing is at`() throws {
        #expect(try statuses("/schemas/{one}/{two}", "patch", SampleRoutes.everySchema)?.contains("404") == true)
        #expect(try statuses("/hooks", "put", SampleRoutes.keyed)?.contains("404") == false)
    }

    @Test func `the schema of errors knows every member that a refusal can have`() throws {
        let schema = try JSON(parsing: document([]))["components"]?["schemas"]?["Error"]
        var refusal = HTTPRefusal(
            status: 429, .rateLimited, "Too many", field: "content", issue: "required", retryAfter: .seconds(1))
        refusal.topic = "messages"
        refusal.errorID = "e-1"
        let full = try JSON(parsing: String(buffer: HTTPResponse.failure(refusal).body))
        let bare = try JSON(parsing: String(buffer: HTTPResponse.failure(HTTPRefusal(status: 400, .invalidJSON, "No JSON")).body))
        expect(full, bare, match: schema)
        expect(full["error"], bare["error"], match: schema?["properties"]?["error"])
        expect(full["error"]?["details"], bare["error"]?["details"], match: schema?["properties"]?["error"]?["properties"]?["details"])
    }

    @Test func `operations of one id get a number`() throws {
        let paths = try JSON(parsing: document([SampleRoutes.page, SampleRoutes.ready, SampleRoutes.pageAgain]))["paths"]
        #expect(paths?["/"]?["get"]?["operationId"] == "readPage")
        #expect(paths?["/again"]?["get"]?["operationId"] == "readPage2")
    }

    @Test func `an answer without a body says so`() throws {
        let remove = try operation("/api/channels/{channelId}/messages", "delete", SampleRoutes.remove)
        #expect(remove["responses"]?["204"] == ["description": "They are gone."])
    }

    private func document(_ routes: [HTTPRoute]) -> String {
        String(buffer: OpenAPIDocument(title: "Sample", version: "1.2.3", server: "http://a.b", routes: routes).json)
    }

    private func operation(_ path: String, _ method: String, _ route: HTTPRoute) throws -> JSON {
        try #require(try JSON(parsing: document([route]))["paths"]?[path]?[method])
    }

    private func statuses(_ path: String, _ method: String, _ route: HTTPRoute) throws -> [String]? {
        try operation(path, method, route)["responses"]?.members?.keys.sorted()
    }

    private func expect(_ full: JSON?, _ bare: JSON?, match schema: JSON?) {
        #expect(full?.members?.keys.sorted() == schema?["properties"]?.members?.keys.sorted())
        #expect(bare?.members?.keys.sorted() == schema?["required"]?.elements?.compactMap(\.string).sorted())
        #expect(schema?["additionalProperties"] == false)
    }
}
