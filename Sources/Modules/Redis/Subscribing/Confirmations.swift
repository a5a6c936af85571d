import DequeModule
import NIOCore

/// What was asked of Redis on one connection and has not been confirmed: it is confirmed in the order of asking.
struct Confirmations {
    typealias Promise = EventLoopPromise<Bool>

    private var waiting = Deque<Promise?>()
    private var confirmed = 0
    /// When what is asked for now was asked for.
    private var numbers: [RedisSubscription: Int] = [:]

    /// How much is waited for.
    var count: Int { waiting.count }
    /// Whether nothing is waited for.
    var isEmpty: Bool { waiting.isEmpty }
    /// The number of what was asked for last.
    var last: Int { confirmed + waiting.count }

    /// Whether what has this number, and all before it, is confirmed.
    func hasConfirmed(_ number: Int) -> Bool { confirmed >= number }

    /// Notes that something is asked for; nil for a channel of the gateways' own.
    mutating func ask(_ change: InterestChange?) {
        waiting.append(nil)
        switch change {
        case .begin(let subscription): numbers[subscription] = confirmed + waiting.count
        case .end(let subscription): numbers[subscription] = nil
        case nil: break
        }
    }

    /// Redis has confirmed what it was asked first; nil where nothing was asked.
    ///
    /// - Returns: What tells those who wait, to be done when this is no longer being changed: they ask again at once.
    mutating func confirm() -> (() -> Void)? {
        guard let promise = waiting.popFirst() else { return nil }
        confirmed += 1
        return { promise?.succeed(true) }
    }

    /// Whether Redis has confirmed a subscription: nil where it has, else what tells.
    mutating func future(of subscription: RedisSubscription, on eventLoop: any EventLoop) -> EventLoopFuture<Bool>? {
        guard let number = numbers[subscription], number > confirmed else { return nil }
        let index = number - confirmed - 1
        guard waiting.indices.contains(index) else { return nil }
        let promise = waiting[index] ?? eventLoop.makePromise()
        waiting[index] = promise
        return promise.futureResult
    }

    /// The connection has gone: nothing will be confirmed.
    ///
    /// - Returns: What tells those who wait.
    mutating func fail() -> () -> Void {
        let lost = waiting
        self = Confirmations()
        return { for promise in lost { promise?.succeed(false) } }
    }
}
