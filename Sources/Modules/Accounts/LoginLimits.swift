import GatewayKit
import NIOCore
import Synchronization

/// One try to log in, as the limits count it.
struct LoginTry: Sendable {
    /// The IPv4 address or IPv6 /64.
    let group: ClientAddress
    /// The e-mail in the form that is compared, whether there is such a user or not.
    let email: String
    /// Whether somebody has logged in to that account from there before.
    let isKnown: Bool
    let time: NIODeadline
}

/// Limits failed logins: by address and e-mail, by address, and slowly by e-mail alone.
///
/// The limit by e-mail bounds what many addresses together can guess. So that it locks nobody out, it spares the addresses from which the
/// account's owner has logged in before, no address can use up much of it, and each has a few tries an hour where others used it up.
/// A try counts before its password is hashed, so that many at once are no way round; one that succeeds, or is not answered, is taken
/// back.
final class LoginLimits: Sendable {
    static let perAddress = 100
    static let perEmail = TokenRate(Rate(1, per: .seconds(60)), burst: 100)
    /// The bound of each table.
    ///
    /// A try costs a hash, so there are not nearly as many within the time that they are kept.
    static let maxEntries = 100_000

    private struct Pair: Hashable, Sendable {
        let group: ClientAddress
        let email: String
    }
    private struct Tables {
        var pairs = SweptTable<Pair, PairTries>()
        var addresses = SweptTable<ClientAddress, RecentTries>()
        var emails = SweptTable<String, TokenBucket>()
    }
    private let tables = Mutex(Tables())

    /// Counts a try.
    ///
    /// - Returns: How it was paid for, which ``forgive(_:_:)`` needs.
    /// - Throws: ``HTTPRefusal`` with 429 where there were too many, and 503 where a table is full; the try does not count then.
    func begin(_ attempt: LoginTry) throws(HTTPRefusal) -> PairTries.Payment {
        try tables.withLock { tables in Self.begin(attempt, &tables) }.get()
    }

    private static func begin(_ attempt: LoginTry, _ tables: inout Tables) -> Result<PairTries.Payment, HTTPRefusal> {
        let now = attempt.time
        tables.pairs.sweep(8) { $0.isIdle(now) }
        tables.addresses.sweep(8) { $0.isIdle(now) }
        tables.emails.sweep(8) { $0.isFull(now: now) }
        guard max(tables.pairs.count, tables.addresses.count, tables.emails.count) < maxEntries else {
            return .failure(HTTPRefusal(status: 503, .overloaded, "Too many failed logins", retryAfter: .seconds(60)))
        }
        let key = Pair(group: attempt.group, email: attempt.email)
        var pair = tables.pairs[key] ?? PairTries()
        var address = tables.addresses[attempt.group] ?? RecentTries()
        var email = tables.emails[attempt.email] ?? TokenBucket()
        let emailWait = attempt.isKnown ? nil : email.wait(for: 1, at: perEmail, now: now)
        let payment: PairTries.Payment = attempt.isKnown ? .none : emailWait == nil ? .share : .reserve
        let payWait = pair.wait(for: payment, now: now)
        let waits = [
            pair.wait(now: now), address.wait(limit: perAddress, now: now),
            // Whichever is filled first.
            payWait.map { min($0, emailWait ?? $0) },
        ]
        if let wait = waits.compactMap({ $0 }).max() {
            return .failure(HTTPRefusal(status: 429, .rateLimited, "Too many failed logins", retryAfter: wait))
        }
        pair.add(payment, now: now)
        address.add(now)
        tables.pairs[key] = pair
        tables.addresses[attempt.group] = address
        if payment == .share {
            _ = email.take(1, at: perEmail, now: now)
            tables.emails[attempt.email] = email
        }
        return .success(payment)
    }

    /// Takes a try back.
    func forgive(_ attempt: LoginTry, _ payment: PairTries.Payment) {
        tables.withLock { tables in
            let key = Pair(group: attempt.group, email: attempt.email)
            tables.pairs[key]?.remove(payment, attempt.time)
            tables.addresses[attempt.group]?.remove(attempt.time)
            if payment == .share { tables.emails[attempt.email]?.giveBack(1, at: Self.perEmail) }
        }
    }
}
