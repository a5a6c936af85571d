import GatewayKit

/// Routes of every shape that a module can declare.
enum SampleRoutes {
    static let all = [page, ready, create, remove, keyed, pageAgain, everySchema]

    static let page = route(
        .get, "/", HTTPOperation("readPage", "A page.", answers: [.init(200, "HTML.", type: "text/html; charset=utf-8")]))

    static let pageAgain = route(
        .get, "/again", HTTPOperation("readPage", "The page again.", answers: [.init(200, "HTML.", type: "text/html")]))

    static let ready = route(
        .get, "/ready",
        HTTPOperation(
            "readReadiness", "Whether it works.",
            answers: [
                .init(200, "It does.", schema: .object([.init("ready", .boolean)], isOpen: false)),
                .init(503, "It does not.", schema: .object([.init("reasons", .array(.string()))], isOpen: false)),
            ]))

    static let create = route(
        .post, "/api/channels/<channelId>/messages", authentication: .bearer,
        HTTPOperation(
            "createMessage", "Sends a message.",
            body: .object([.init("content", .string(minLength: 1)), .init("tags", .array(.string()), isRequired: false)], isOpen: true),
            headers: [.init("Idempotency-Key", "The same key, the same answer.", .string(minLength: 1, maxLength: 255))],
            query: [.init("dryRun", "Whether to send nothing.", .boolean)],
            answers: [.success(201, "It was sent.", data: .object([.init("id", .string(format: "uuid"))], isOpen: true))],
            refusals: [403, 404, 429]))

    static let remove = route(
        .delete, "/api/channels/<channelId>/messages", authentication: .bearer,
        HTTPOperation("removeMessages", "Removes all.", answers: [.init(204, "They are gone.")], refusals: [404]))

    static let keyed = route(
        .put, "/hooks", authentication: .apiKey(Secret("a key for tests")),
        HTTPOperation(
            "putHook", "Takes an event.", body: .any, answers: [.success(200, "It was taken.", data: .nullable(.any))], refusals: [499]))

    static let everySchema = route(
        .patch, "/schemas/<one>/<two>",
        HTTPOperation(
            "changeSchemas", "Has every kind of schema.",
            body: .object(
                [
                    .init("any", .any), .init("boolean", .boolean), .init("integer", .integer), .init("number", .number),
                    .init("string", .string(format: "date-time", minLength: 1, maxLength: 64, pattern: "^[a-z]+$")),
                    .init("array", .array(.nullable(.integer))), .init("nothing", .object([], isOpen: false)),
                    .init("nullable", .nullable(.object([.init("inner", .nullable(.string()))], isOpen: true)), isRequired: false),
                ], isOpen: false),
            answers: [.init(200, "JSON."), .init(200, "Or text.", type: "text/plain"), .init(304, "Nothing new.")]))

    private static func route(
        _ method: HTTPMethod, _ path: HTTPPath, authentication: HTTPAuthentication = .none, _ operation: HTTPOperation
    ) -> HTTPRoute {
        HTTPRoute(method, path, authentication: authentication, operation) { _ in HTTPResponse(status: 200) }
    }
}
