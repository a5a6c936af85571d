import GatewayKit

/// What is revoked, in memory: three look-ups answer for a token.
struct RevocationIndex: Sendable {
    private var times: [RevocationRecord.Key: RevocationRecord.Times] = [:]

    var count: Int { times.count }

    subscript(key: RevocationRecord.Key) -> RevocationRecord.Times? { times[key] }

    mutating func add(_ record: RevocationRecord) {
        times[record.key] = times[record.key].map(record.times.merged) ?? record.times
    }

    func isRevoked(_ principal: Principal) -> Bool {
        if let id = principal.tokenID, times[.init(kind: .token, value: id)] != nil { return true }
        if let id = principal.sessionID, times[.init(kind: .session, value: id)] != nil { return true }
        guard let user = times[.init(kind: .user, value: principal.userID)] else { return false }
        return principal.issuedAt.map { $0 <= user.issuedUntil } ?? true
    }

    /// What still matters, for those who are told of it.
    func revocations(at now: Timestamp) -> [Revocation] {
        times.lazy.filter { !$0.value.isOver(at: now) }.map { RevocationRecord(key: $0.key, times: $0.value).revocation }
    }

    /// What still matters.
    func current(at now: Timestamp) -> RevocationIndex {
        var current = self
        current.times = times.filter { !$0.value.isOver(at: now) }
        return current
    }
}
