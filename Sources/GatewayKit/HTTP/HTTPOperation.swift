/// What a route does, for people: the material of the OpenAPI description (OpenAPI 3.1, "Operation Object").
public struct HTTPOperation: Sendable {
    /// A unique name in camel case: `createMessage`.
    public let id: String
    /// One sentence.
    public let summary: String
    /// What the body has to be; nil where the route takes none.
    public let body: HTTPSchema?
    /// Header fields that the route reads beside those of every request.
    public let headers: [Header]
    /// Parameters of the query that the route reads.
    public let query: [Header]
    /// What it answers where all is well: statuses with what stands under `data`, or is the body.
    public let answers: [Answer]
    /// The statuses that it refuses with, beside those that the core gives: 400 to 415 for what is malformed, 401, 500, 503.
    public let refusals: [Int]

    /// One answer.
    public struct Answer: Sendable {
        /// The status.
        public let status: Int
        /// One sentence.
        public let summary: String
        /// The media type.
        public let type: String
        /// What the body is; nil for any text of the type.
        public let schema: HTTPSchema?

        /// Describes `{"success":true,"data":…}`.
        public static func success(_ status: Int, _ summary: String, data: HTTPSchema) -> Answer {
            Answer(
                status, summary,
                schema: .object([.init("success", .boolean), .init("data", data)], isOpen: false))
        }

        /// Describes an answer.
        public init(_ status: Int, _ summary: String, type: String = "application/json", schema: HTTPSchema? = nil) {
            self.status = status
            self.summary = summary
            self.type = type
            self.schema = schema
        }
    }

    /// A header field or a parameter of the query.
    public struct Header: Sendable {
        /// The name.
        public let name: String
        /// One sentence.
        public let summary: String
        /// What it has to be.
        public let schema: HTTPSchema

        /// Describes a header field or a parameter of the query.
        public init(_ name: String, _ summary: String, _ schema: HTTPSchema = .string()) {
            self.name = name
            self.summary = summary
            self.schema = schema
        }
    }

    /// Describes an operation.
    public init(
        _ id: String, _ summary: String, body: HTTPSchema? = nil, headers: [Header] = [], query: [Header] = [], answers: [Answer],
        refusals: [Int] = []
    ) {
        self.id = id
        self.summary = summary
        self.body = body
        self.headers = headers
        self.query = query
        self.answers = answers
        self.refusals = refusals
    }
}

/// What a JSON value has to look like (JSON Schema 2020-12, as far as it is needed here).
public indirect enum HTTPSchema: Sendable {
    /// Any value.
    case any
    /// `true` or `false`.
    case boolean
    /// A whole number.
    case integer
    /// Any number.
    case number
    /// A string; `format` as in JSON Schema (`date-time`, `uuid`), lengths in Unicode scalars.
    case string(format: String? = nil, minLength: Int? = nil, maxLength: Int? = nil, pattern: String? = nil)
    /// A list.
    case array(HTTPSchema)
    /// An object; an open one may have other members.
    case object([Property], isOpen: Bool)
    /// The value or null.
    case nullable(HTTPSchema)

    /// A member of an object.
    public struct Property: Sendable {
        /// The name.
        public let name: String
        /// What it has to be.
        public let schema: HTTPSchema
        /// Whether it has to be there.
        public let isRequired: Bool

        /// Describes a member.
        public init(_ name: String, _ schema: HTTPSchema, isRequired: Bool = true) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }
}
