import GatewayKit
import GatewayServer
import NIOCore

/// A connection as the admin API shows it.
enum ConnectionJSON {
    static let schema = HTTPSchema.object(properties, isOpen: false)
    static let detailsSchema = HTTPSchema.object(properties + [.init("topics", .array(.string()))], isOpen: false)

    private static let properties: [HTTPSchema.Property] = [
        .init("id", .string(format: "uuid")),
        .init("user", .nullable(.string())),
        .init("address", .string()),
        .init("connectedAt", .string(format: "date-time")),
        .init("subscriptions", .integer),
        .init("queuedBytes", .integer),
        .init("receivedBytes", .integer),
        .init("sentBytes", .integer),
    ]

    static func members(_ connection: ConnectionSummary) -> [String: JSONValue] {
        [
            "id": .string(connection.id.description),
            "user": connection.user.map { .string($0) } ?? .null,
            "address": .string(connection.address.description),
            "connectedAt": .string(connection.connectedAt.text),
            "subscriptions": .integer(Int64(connection.subscriptions)),
            "queuedBytes": .integer(Int64(connection.queuedBytes)),
            "receivedBytes": .integer(Int64(connection.receivedBytes)),
            "sentBytes": .integer(Int64(connection.sentBytes)),
        ]
    }

    static func members(_ details: ConnectionDetails) -> [String: JSONValue] {
        members(details.summary).merging(["topics": .array(details.patterns.map { .string($0) })]) { _, new in new }
    }
}

extension JSONValue {
    /// The value as text.
    var json: ByteBuffer {
        var json = ByteBuffer()
        json.writeJSON(self)
        return json
    }
}
