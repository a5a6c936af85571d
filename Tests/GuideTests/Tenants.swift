import GatewayKit
import NIOCore

/// Keeps everybody to the orders of his tenant: to `orders.<tenant>` and what is below it, as the claim `tenant` says.
struct Tenants: RouteStage, TopicFilter {
    static let name = "tenants"
    static let summary = "Keeps everybody to the orders of his tenant."
    private let orders: TopicPattern

    init(settings: NoSettings, context: ModuleContext) throws { orders = try TopicPattern("orders.**") }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        // Who subscribes to `**` or `*.created` gets orders too.
        guard command.action != .unsubscribe, orders.overlaps(command.pattern) else { return .proceed }
        guard let topic = command.pattern.topic else {
            command.restrict(to: self)
            return .proceed
        }
        if admits(topic, connection) { return .proceed }
        return .refuse(Rejection(.forbidden, "These are the orders of others", topic: topic.description))
    }

    func admits(_ topic: Topic, _ connection: Connection) -> Bool {
        guard orders.matches(topic) else { return true }
        guard let tenant = connection.principal?.claims["tenant"]?.string else { return false }
        let segment = topic.bytes.readableBytesView.dropFirst("orders.".utf8.count).prefix { $0 != UInt8(ascii: ".") }
        return segment.elementsEqual(tenant.utf8)
    }
}
