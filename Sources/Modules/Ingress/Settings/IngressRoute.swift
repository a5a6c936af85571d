public import GatewayKit

/// One route: which requests, what their bodies have to be, and the event that becomes of them.
public struct IngressRoute: SettingValue {
    let keys: Keys

    init(_ keys: Keys) { self.keys = keys }

    /// What stands for the sender in every topic, whatever the member of the object is called.
    static let senderName = "senderId"

    /// The document's `POST /api/messages`.
    static let message: IngressRoute = {
        var keys = Keys()
        keys.path = "/api/messages"
        keys.topics = ["messages", "messages.user.<senderId>", "messages.user.<recipientId>", "messages.channel.<channelId>"]
        return IngressRoute(keys)
    }()

    /// A mapping of the keys.
    public static var schema: SettingSchema { Keys.schema }

    /// Reads a route, and whether its parts fit together.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> IngressRoute? {
        guard case .mapping = node.content else {
            decoder.report(
                .wrongType, "expected a route, got \(node.summary)", at: node,
                help: "write it like {method: POST, path: /api/orders, event: order.created, topics: [orders]}")
            return nil
        }
        guard let keys = Keys.decode(node, &decoder) else { return nil }
        let route = IngressRoute(keys)
        RouteCheck(route: route, node: node).run(&decoder)
        return route
    }

    /// What differs from the defaults: `{method: POST, path: /api/orders, event: order.created, topics: [orders]}`.
    public var settingText: String {
        let plain = Keys()
        let shown = Keys.fields.filter { $0.isRequired || $0.text(keys) != $0.text(plain) }
        return "{\(shown.map { "\($0.name): \($0.text(keys))" }.joined(separator: ", "))}"
    }
}

extension IngressRoute {
    /// The fields of the body, in the order of the object.
    var fields: [IngressField] { keys.fields ?? IngressField.message }

    /// Sets of fields of which a body has at most one.
    var exclusive: [[String]] {
        guard let groups = keys.atMostOne else { return keys.fields == nil ? [["recipientId", "channelId"]] : [] }
        return groups.map { $0.map(\.text) }
    }

    /// The parameters of the path.
    var parameters: [String] {
        keys.path.segments.compactMap { segment in
            switch segment {
            case .word: nil
            case .parameter(let name): name
            }
        }
    }

    /// Whether the sender is known.
    var hasSender: Bool { keys.authentication != .none }

    /// Whether requests have a body.
    var takesBody: Bool { keys.method != .delete || !fields.isEmpty }

    /// The member that holds the object's id.
    var idName: String? { keys.generate.members.first { $0.kind == .id }?.name }

    /// The names that a topic can have in `<…>`.
    var topicNames: [String] {
        let generated = keys.generate.members.filter { $0.kind == .id || $0.kind == .sender && hasSender }.map(\.name)
        let names = (hasSender ? [Self.senderName] : []) + generated.filter { $0 != Self.senderName } + parameters
        return names + fields.filter(\.type.canBeSegment).map(\.name.text).filter { !names.contains($0) }
    }
}
