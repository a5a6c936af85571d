import GatewayKit
import GatewayServer
import NIOCore

extension AdminRoutes {
    var topicRoutes: [HTTPRoute] { [topics, publish] }

    private var topics: HTTPRoute {
        let entry = HTTPSchema.object([.init("topic", .string()), .init("subscribers", .integer)], isOpen: false)
        return HTTPRoute(
            .get, "/admin/v1/topics",
            HTTPOperation(
                "listTopics", "Lists the topics and patterns that most connections are subscribed to.",
                query: [.init("limit", "How many at most, from 1 to 1000; 100 where it is not given.", .integer)],
                answers: [
                    .success(
                        200, "The topics; `isComplete` is false where there are so many that some were not counted.",
                        data: .object(
                            [.init("topics", .array(entry)), .init("total", .integer), .init("isComplete", .boolean)], isOpen: false))
                ])
        ) { [gateway] request in
            let list = try await gateway.topics(limit: try QueryParameters(request.query).integer("limit", in: 1...1000, default: 100))
            var data = JSONWriter()
            data.member(
                "topics",
                .array(
                    list.topics.map { .object(["topic": .string($0.pattern), "subscribers": .integer(Int64($0.subscribers))]) }))
            data.member("total", .integer(Int64(list.total)))
            data.member("isComplete", .bool(list.isComplete))
            return .success(data: data.finish())
        }
    }

    private var publish: HTTPRoute {
        let topic = HTTPSchema.string(minLength: 1, maxLength: 255)
        return HTTPRoute(
            .post, "/admin/v1/publish",
            HTTPOperation(
                "publish", "Publishes one event, to one topic or to several; no module is asked.",
                body: .object(
                    [
                        .init("topic", topic, isRequired: false), .init("topics", .array(topic), isRequired: false),
                        .init("data", .any),
                        .init("eventType", .string(minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$"), isRequired: false),
                        .init("metadata", .object([], isOpen: true), isRequired: false),
                    ], isOpen: false),
                answers: [
                    .success(
                        200, "The adapter has taken it.", data: .object([.init("topics", .array(.string()))], isOpen: false))
                ], refusals: [503])
        ) { [gateway] request in
            let event = try PublishBody(request).event
            try await gateway.publish(event)
            let topics = ([event.topic] + event.otherTopics).map { JSONValue.string($0.description) }
            return .success(data: JSONValue.object(["topics": .array(topics)]).json)
        }
    }
}

/// The body of a publish, checked.
private struct PublishBody: Sendable {
    /// What is published, by nobody known.
    let event: Event
    private static let maxTopics = 100

    init(_ request: HTTPRequest) throws(HTTPRefusal) {
        let body = try AdminBody(request, fields: ["topic", "topics", "data", "eventType", "metadata"])
        let field = try body.choice(of: ["topic", "topics"])
        var topics: [Topic] = []
        for text in field == "topic" ? [try body.text(field)] : try body.texts(field, max: Self.maxTopics) {
            do throws(TopicError) {
                let topic = try Topic(text)
                if !topics.contains(topic) { topics.append(topic) }
            } catch {
                throw .invalid(field, error.rawValue)
            }
        }
        let message = Message(
            data: try body.json("data"), metadata: try Self.metadata(body),
            eventType: ByteBuffer(string: body.contains("eventType") ? try Self.eventType(body) : "message.sent"))
        guard let first = topics.first else { throw .missing(field) }
        event = Event(topic: first, otherTopics: Array(topics.dropFirst()), message: message, sender: Sender(userID: nil, connection: nil))
    }

    private static func eventType(_ body: AdminBody) throws(HTTPRefusal) -> String {
        let text = try body.text("eventType")
        let isValid =
            text.utf8.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-") }
        guard isValid else { throw .invalid("eventType", "must be 1 to 64 letters, digits, '.', '_' or '-'") }
        return text
    }

    /// The members without the braces, and without those that only the gateway may say.
    private static func metadata(_ body: AdminBody) throws(HTTPRefusal) -> ByteBuffer {
        var text = ByteBuffer()
        guard body.contains("metadata") else { return text }
        guard let object = JSONObject(json: try body.json("metadata")) else { throw .invalid("metadata", "must be an object") }
        for member in object.members where member.name != "senderId" && member.name != "senderConnectionId" {
            if text.readableBytes > 0 { text.writeString(",") }
            text.writeJSON(member.name)
            text.writeString(":")
            text.writeImmutableBuffer(member.json)
        }
        return text
    }
}
