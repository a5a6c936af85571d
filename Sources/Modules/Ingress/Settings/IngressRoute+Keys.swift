public import GatewayKit

extension IngressRoute {
    /// The keys of a route as gateway.yaml has them.
    struct Keys: Settings {
        var method = IngressMethod.post
        var path: HTTPPath = "/"
        var authentication = IngressAuthentication.token
        var apiKey: Secret?
        var sender: String?
        var event: EventType = .messageSent
        var topics: [EventTopicTemplate] = []
        var fields: [IngressField]?
        var atMostOne: [[MemberName]]?
        var generate = GeneratedMembers.standard
        var status = 201
        var response = IngressResponse.object

        static let maxTopics = 32
        static let minKeyBytes = 32

        static let fields: [SettingField<Self>] = [
            SettingField("method", \.method, required: true, "The method."),
            SettingField("path", \.path, required: true, "The path; a <parameter> stands for one segment."),
            SettingField(
                "authentication", \.authentication, "Who may call it: token, who has one; api_key, who has the key; none, everybody."),
            SettingField("api_key", \.apiKey, "The key that X-API-Key has to hold, at least 32 bytes."),
            SettingField("sender", \.sender, "Who counts as the sender where the API key was given."),
            SettingField("event", \.event, required: true, "The event's type."),
            SettingField(
                "topics", \.topics, required: true,
                "Where the event goes; <senderId>, a generated <id>, a <parameter> or a <field>; left out where that is missing."
            ),
            SettingField(
                "fields", \.fields, "What the body has to have; null = a message: recipientId or channelId or neither, and content."),
            SettingField("at_most_one", \.atMostOne, "Sets of fields of which a body may have one or none."),
            SettingField(
                "generate", \.generate, "Members that the gateway makes, which win over the body's, each with its kind: id, sender, time."),
            SettingField("status", \.status, range: 200...202, "The status of the answer."),
            SettingField("response", \.response, "What is answered: the whole object, or its id alone."),
        ]

        func validate(_ report: inout SettingsReport) {
            checkSender(&report)
            if topics.isEmpty {
                report.add(.error, .invalidValue, "topics", "names no topic", help: "name at least one, such as topics: [orders]")
            } else if topics.count > Self.maxTopics {
                report.add(.error, .outOfRange, "topics", "has \(topics.count) topics, and \(Self.maxTopics) are allowed")
            }
            if response == .id, !generate.members.contains(where: { $0.kind == .id }) {
                report.add(
                    .error, .invalidValue, "response", "there is no id to answer with", other: ("generate", "generate has none"),
                    help: "write response: object, or add a member to generate: {id: id}")
            }
        }

        private func checkSender(_ report: inout SettingsReport) {
            guard authentication == .apiKey else {
                for key in ["api_key", "sender"] where report.isGiven(key) {
                    report.add(
                        .error, .invalidValue, key, "goes with authentication: api_key alone",
                        other: ("authentication", "authentication stands here"), help: "write authentication: api_key, or drop \(key)")
                }
                return
            }
            if let apiKey {
                if apiKey.bytes.count < Self.minKeyBytes {
                    report.add(
                        .error, .weakSecret, "api_key", "has \(apiKey.bytes.count) bytes, and needs at least \(Self.minKeyBytes)",
                        help: "make one with: openssl rand -hex 32")
                }
            } else {
                report.add(
                    .error, .missingKey, "api_key", "authentication: api_key needs a key",
                    help: "write api_key: ${NAME} and give it in the environment: openssl rand -hex 32")
            }
            guard let sender else {
                report.add(
                    .error, .missingKey, "sender", "nobody is named as the sender",
                    help: "write sender: and the name of the application that has the key")
                return
            }
            if sender.isEmpty || sender.utf8.count > 255 {
                report.add(.error, .invalidValue, "sender", "has \(sender.utf8.count) bytes, and 1 to 255 are allowed")
            } else if topics.contains(where: { $0.isAbout(sender: generate) }), !sender.isTopicSegment {
                report.add(
                    .error, .invalidValue, "sender", "'\(sender)' stands in a topic and is no segment of one",
                    help: "use A-Z a-z 0-9 _ - : @ alone")
            }
        }
    }
}

extension EventTopicTemplate {
    /// Whether the sender's name stands in the topic.
    fileprivate func isAbout(sender generated: GeneratedMembers) -> Bool {
        names.contains { name in
            name == IngressRoute.senderName || generated.members.contains { $0.name == name && $0.kind == .sender }
        }
    }
}

/// The methods that a route can have: those that bring something.
public enum IngressMethod: String, Sendable, CaseIterable, SettingValue {
    /// Create.
    case post = "POST"
    /// Put in place.
    case put = "PUT"
    /// Change a part.
    case patch = "PATCH"
    /// Remove.
    case delete = "DELETE"

    /// The method.
    var method: HTTPMethod {
        switch self {
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}

/// Who may call a route.
public enum IngressAuthentication: String, Sendable, CaseIterable, SettingValue {
    /// Who has a token that the auth stage accepts.
    case token
    /// Who has the route's key.
    case apiKey = "api_key"
    /// Everybody.
    case none
}

/// What a route answers.
public enum IngressResponse: String, Sendable, CaseIterable, SettingValue {
    /// The created object.
    case object
    /// An object with its id alone.
    case id
}
