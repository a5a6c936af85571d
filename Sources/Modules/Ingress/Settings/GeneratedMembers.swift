public import GatewayKit

/// The members of an object that the gateway makes: `{id: id, userId: sender, createdAt: time, updatedAt: time}`.
///
/// Ids and the sender stand before the fields of the body, times after them; apart from that the order is the one that is written.
public struct GeneratedMembers: Hashable, Sendable, SettingValue {
    /// What a member holds.
    public enum Kind: String, Sendable, CaseIterable, SettingValue {
        /// A random UUID; the same for all members of this kind.
        case id
        /// Who sent the request; left out where nobody is known.
        case sender
        /// When the request came, UTC; the same for all members of this kind.
        case time
    }

    struct Member: Hashable {
        let name: String
        let kind: Kind
    }

    let members: [Member]

    /// Those of the document.
    static let standard = GeneratedMembers(members: [
        Member(name: "id", kind: .id), Member(name: "userId", kind: .sender), Member(name: "createdAt", kind: .time),
        Member(name: "updatedAt", kind: .time),
    ])

    /// Names with their kinds.
    public static var schema: SettingSchema { .dictionary(Kind.schema) }

    /// Reads names with their kinds; every bad one is reported.
    public static func decode(_ node: ConfigurationNode, _ decoder: inout SettingsDecoder) -> GeneratedMembers? {
        guard case .mapping(let entries) = node.content else {
            decoder.report(
                .wrongType, "expected a mapping, got \(node.summary)", at: node, help: "write it like {id: id, createdAt: time}")
            return nil
        }
        let members = entries.map { entry -> Member? in
            decoder.within(entry.key) { decoder in
                guard MemberName.isName(entry.key) else {
                    let message = "\(decoder.pathText): this is no name"
                    decoder.report(Diagnostic(.error, .invalidValue, message, at: entry.keyPlace, help: MemberName.help))
                    return nil
                }
                guard let kind = Kind.decode(entry.value, &decoder) else { return nil }
                guard entry.key != IngressRoute.senderName || kind == .sender else {
                    decoder.report(.invalidValue, "this name stands for the sender", at: entry.value, help: "write sender")
                    return nil
                }
                return Member(name: entry.key, kind: kind)
            }
        }
        return members.contains { $0 == nil } ? nil : GeneratedMembers(members: members.compactMap { $0 })
    }

    /// `{id: id, createdAt: time}`.
    public var settingText: String {
        "{\(members.map { "\($0.name.settingText): \($0.kind.rawValue)" }.joined(separator: ", "))}"
    }
}
