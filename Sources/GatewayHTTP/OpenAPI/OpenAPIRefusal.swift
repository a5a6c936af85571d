import GatewayKit

/// What OpenAPI has to know of refusals, which look the same on every route.
enum OpenAPIRefusal {
    static let schemaName = "Error"

    static let reference = JSONValue.object(["$ref": .string("#/components/schemas/\(schemaName)")])

    /// What `HTTPResponse.failure` writes.
    static let schema = JSONValue.object([
        "type": .string("object"), "required": .array([.string("success"), .string("error")]), "additionalProperties": .bool(false),
        "properties": .object([
            "success": .object(["const": .bool(false)]),
            "error": HTTPSchema.object(
                [
                    .init("code", .integer), .init("message", .string()),
                    .init(
                        "details",
                        .object(
                            [
                                .init("reason", .string()), .init("field", .string(), isRequired: false),
                                .init("issue", .string(), isRequired: false), .init("topic", .string(), isRequired: false),
                                .init("retryAfterMs", .integer, isRequired: false), .init("errorId", .string(), isRequired: false),
                            ], isOpen: false)),
                ], isOpen: false
            ).json,
        ]),
    ])

    /// The name of a status among the components.
    static func name(_ status: Int) -> String { "Refused\(status)" }

    /// The answer to a refused request ("Response Object").
    static func response(_ status: Int) -> JSONValue {
        var members: [String: JSONValue] = [
            "description": .string(description(status)),
            "content": .object(["application/json": .object(["schema": reference])]),
        ]
        switch status {
        case 401: members["headers"] = header("WWW-Authenticate", "How to prove it.", .string())
        case 405: members["headers"] = header("Allow", "The methods that the path has.", .string())
        case 429, 503: members["headers"] = header("Retry-After", "In how many seconds it may work again.", .integer)
        default: break
        }
        return .object(members)
    }

    private static func header(_ name: String, _ summary: String, _ schema: HTTPSchema) -> JSONValue {
        .object([name: .object(["description": .string(summary), "schema": schema.json])])
    }

    private static func description(_ status: Int) -> String {
        switch status {
        case 400: "The request is malformed, or a field has a value that it cannot have."
        case 401: "Nothing in the request proves who sends it."
        case 403: "The sender is known and may not do this."
        case 404: "There is nothing of that name."
        case 405: "The path has other methods."
        case 408: "The request did not come in time."
        case 409: "It does not fit with what is there."
        case 413: "The body is too large."
        case 415: "The body is not of the media type that is taken."
        case 417: "The request expects something else than 100-continue."
        case 422: "The request is well formed and makes no sense."
        case 429: "Too many requests."
        case 431: "The request has too many header lines, or too long ones."
        case 500: "A fault of the gateway; its log has more under the same errorId."
        case 503: "The gateway cannot take it now."
        default: "Refused."
        }
    }
}
