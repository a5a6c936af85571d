import GatewayKit

/// One route as OpenAPI has it ("Operation Object").
struct OpenAPIOperation {
    let id: String
    let route: HTTPRoute

    /// The path in OpenAPI's way of writing: `/api/channels/{channelId}`.
    var template: String {
        "/"
            + route.path.segments.map { segment in
                switch segment {
                case .word(let word): word
                case .parameter(let name): "{\(name)}"
                }
            }.joined(separator: "/")
    }

    var method: String { route.method.rawValue.lowercased() }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(id), "summary": .string(route.operation.summary), "responses": responses,
        ]
        let parameters = parameters
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if let body = route.operation.body {
            members["requestBody"] = .object([
                "required": .bool(true), "content": .object(["application/json": .object(["schema": body.json])]),
            ])
        }
        if let scheme = securityScheme { members["security"] = .array([.object([scheme.name: .array([])])]) }
        return .object(members)
    }

    /// How the caller says who it is; nil where nobody asks.
    var securityScheme: (name: String, json: JSONValue)? {
        switch route.authentication {
        case .none: nil
        case .bearer:
            ("bearer", .object(["type": .string("http"), "scheme": .string("bearer"), "description": .string("An access token.")]))
        case .apiKey:
            (
                "apiKey",
                .object([
                    "type": .string("apiKey"), "in": .string("header"), "name": .string("X-API-Key"),
                    "description": .string("The key of the route."),
                ])
            )
        }
    }

    /// The statuses that it may be refused with: by the core whatever the route is, and by the module.
    var refusals: Set<Int> {
        var statuses: Set<Int> = [400, 405, 408, 413, 417, 429, 431, 500, 503]
        if !pathParameters.isEmpty { statuses.insert(404) }
        if route.operation.body != nil { statuses.insert(415) }
        if securityScheme != nil { statuses.insert(401) }
        return statuses.union(route.operation.refusals)
    }

    private var pathParameters: [String] {
        route.path.segments.compactMap { segment in if case .parameter(let name) = segment { name } else { nil } }
    }

    private var parameters: [JSONValue] {
        pathParameters.map { name in
            .object([
                "name": .string(name), "in": .string("path"), "required": .bool(true), "schema": HTTPSchema.string(minLength: 1).json,
            ])
        } + route.operation.query.map { Self.parameter($0, in: "query") } + route.operation.headers.map { Self.parameter($0, in: "header") }
    }

    private static func parameter(_ header: HTTPOperation.Header, in place: String) -> JSONValue {
        .object([
            "name": .string(header.name), "in": .string(place), "description": .string(header.summary), "schema": header.schema.json,
        ])
    }

    private var responses: JSONValue {
        let refusals = refusals
        var responses = Dictionary(
            uniqueKeysWithValues: refusals.map { status in
                (String(status), JSONValue.object(["$ref": .string("#/components/responses/\(OpenAPIRefusal.name(status))")]))
            })
        for (status, answers) in Dictionary(grouping: route.operation.answers, by: \.status) {
            responses[String(status)] = Self.response(answers, isRefusalToo: refusals.contains(status))
        }
        return .object(responses)
    }

    /// The answers of one status.
    private static func response(_ answers: [HTTPOperation.Answer], isRefusalToo: Bool) -> JSONValue {
        var schemas: [String: [JSONValue]] = [:]
        for answer in answers where answer.status != 204 && answer.status != 304 {
            schemas[answer.type, default: []].append(answer.schema?.json ?? .object([:]))
        }
        if isRefusalToo { schemas["application/json", default: []].append(OpenAPIRefusal.reference) }
        var members: [String: JSONValue] = ["description": .string(answers.map(\.summary).joined(separator: " "))]
        if !schemas.isEmpty {
            members["content"] = .object(
                schemas.mapValues { schemas in
                    .object(["schema": schemas.count == 1 ? schemas[0] : .object(["anyOf": .array(schemas)])])
                })
        }
        return .object(members)
    }
}
