import GatewayKit
import NIOCore

/// The requests under way and the answers that are kept, in the order in which they came, over all and for each client.
struct AnswerTable {
    struct Kept {
        let key: Fingerprint
        let client: IngressClient
        let request: Fingerprint
        let outcome: AnswerStore.Outcome
        let expiry: NIODeadline
        let byteCount: Int
    }

    struct Pending {
        let client: IngressClient
        let request: Fingerprint
    }

    /// What belongs to one client.
    private struct Share {
        var pendingCount = 0
        var keptCount = 0
        var byteCount = 0
        var order = ArrivalOrder()
    }

    private(set) var pending: [Fingerprint: Pending] = [:]
    private(set) var byteCount = 0
    private var kept: [Fingerprint: (answer: Kept, number: Int)] = [:]
    private var shares: [IngressClient: Share] = [:]
    private var order = ArrivalOrder()
    private var nextNumber = 0

    var keptCount: Int { kept.count }

    /// The answer that is kept under a key.
    subscript(key: Fingerprint) -> Kept? { kept[key]?.answer }

    mutating func begin(_ key: Fingerprint, _ request: Fingerprint, _ client: IngressClient) {
        pending[key] = Pending(client: client, request: request)
        shares[client, default: Share()].pendingCount += 1
    }

    /// Ends a request; nil where none of that key is under way.
    mutating func end(_ key: Fingerprint) -> Pending? {
        guard let request = pending.removeValue(forKey: key) else { return nil }
        shares[request.client]?.pendingCount -= 1
        dropIfEmpty(request.client)
        return request
    }

    mutating func keep(_ answer: Kept) {
        kept[answer.key] = (answer, nextNumber)
        byteCount += answer.byteCount
        order.add(answer.key, nextNumber)
        var share = shares.removeValue(forKey: answer.client) ?? Share()
        share.keptCount += 1
        share.byteCount += answer.byteCount
        share.order.add(answer.key, nextNumber)
        shares[answer.client] = share
        nextNumber += 1
        let kept = kept
        order.compact(kept.count) { kept[$0]?.number == $1 }
    }

    /// Forgets the oldest answers until there is room for one more.
    ///
    /// - Returns: False where there is none, because of requests under way.
    mutating func makeRoom(for bytes: Int, of client: IngressClient, _ limits: IdempotencySettings) -> Bool {
        while let share = shares[client],
            share.pendingCount + share.keptCount >= limits.clientAnswers || share.byteCount > limits.clientBytes - bytes
        {
            guard forgetOldest(of: client) else { return false }
        }
        while pending.count + kept.count >= limits.maxAnswers || byteCount > limits.maxBytes.bytes - bytes {
            guard forgetOldest() else { return false }
        }
        return true
    }

    /// Forgets what is too old.
    mutating func forgetExpired(_ now: NIODeadline) {
        while let key = oldest(), let answer = kept[key]?.answer, answer.expiry <= now { forget(answer) }
    }

    private mutating func oldest() -> Fingerprint? {
        let kept = kept
        return order.first { kept[$0]?.number == $1 }
    }

    private mutating func oldest(of client: IngressClient) -> Fingerprint? {
        let kept = kept
        return shares[client]?.order.first { kept[$0]?.number == $1 }
    }

    private mutating func forgetOldest() -> Bool {
        guard let key = oldest(), let answer = kept[key]?.answer else { return false }
        forget(answer)
        return true
    }

    private mutating func forgetOldest(of client: IngressClient) -> Bool {
        guard let key = oldest(of: client), let answer = kept[key]?.answer else { return false }
        forget(answer)
        return true
    }

    mutating func forget(_ answer: Kept) {
        kept[answer.key] = nil
        byteCount -= answer.byteCount
        shares[answer.client]?.keptCount -= 1
        shares[answer.client]?.byteCount -= answer.byteCount
        dropIfEmpty(answer.client)
        guard let count = shares[answer.client]?.keptCount else { return }
        let kept = kept
        shares[answer.client]?.order.compact(count) { kept[$0]?.number == $1 }
    }

    private mutating func dropIfEmpty(_ client: IngressClient) {
        guard let share = shares[client], share.pendingCount + share.keptCount == 0 else { return }
        shares[client] = nil
    }
}

/// Keys as they came, those included that are gone, until they are asked about.
private struct ArrivalOrder {
    private var entries: [(key: Fingerprint, number: Int)] = []
    private var head = 0

    mutating func add(_ key: Fingerprint, _ number: Int) { entries.append((key, number)) }

    /// The first that is still there.
    mutating func first(where isThere: (Fingerprint, Int) -> Bool) -> Fingerprint? {
        while head < entries.count, !isThere(entries[head].key, entries[head].number) { head += 1 }
        return head < entries.count ? entries[head].key : nil
    }

    /// Drops what is gone where that is most of it, `count` being still there.
    mutating func compact(_ count: Int, _ isThere: (Fingerprint, Int) -> Bool) {
        guard entries.count > 2 * count + 1024 else { return }
        entries = entries[head...].filter { isThere($0.key, $0.number) }
        head = 0
    }
}
