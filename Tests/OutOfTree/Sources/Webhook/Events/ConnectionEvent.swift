public import GatewayKit
import NIOCore

/// Something that happened to a connection, for the back end.
public struct ConnectionEvent: Sendable {
    /// What happened.
    public enum Kind: String, Sendable, CaseIterable, SettingValue {
        /// It has its 101.
        case opened
        /// Its client has said who it is.
        case authenticated
        /// It has ended.
        case closed
    }

    let kind: Kind
    private let time: Timestamp
    private let connection: ConnectionID
    private let address: ClientAddress
    private let user: String?
    private let end: ConnectionEnd?

    init(_ kind: Kind, _ connection: Connection, _ end: ConnectionEnd?) {
        self.kind = kind
        time = connection.timestamp
        self.connection = connection.id
        address = connection.address
        user = connection.principal?.userID
        self.end = end
    }

    /// The event as JSON.
    ///
    /// - Parameter sequence: Counts the events of this process; where one is missing, it was lost.
    /// - Returns: One JSON object.
    func json(sequence: Int64) -> ByteBuffer {
        var members = JSONWriter()
        members.member("sequence", .integer(sequence))
        members.member("event", .string(kind.rawValue))
        members.member("time", .string(time.text))
        members.member("connection", .string(connection.description))
        members.member("address", .string(address.description))
        if let user { members.member("user", .string(user)) }
        if let end {
            members.member("code", .integer(Int64(end.code)))
            members.member("reason", .string(end.reason.slug))
        }
        return members.finish()
    }
}
