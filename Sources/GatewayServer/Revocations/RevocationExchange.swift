import DequeModule
import GatewayKit
import Logging
import Synchronization

/// What the gateways of a deployment tell each other about revoked tokens, through the adapter.
///
/// Off the event loops; callable on any thread.
final class RevocationExchange: Sendable {
    /// The bound of what waits to be shared.
    ///
    /// What comes when it is full does not wait: once the rest is shared, all that is in force is shared again.
    static let maxWaiting = 10_000
    /// How many of other gateways' are taken over at once.
    private static let maxBatch = 1000

    private struct State {
        var waiting: Deque<Revocation> = []
        /// Whether something did not find room.
        var hasOverflowed = false
        /// Whether the modules have started and are not about to stop, so that there is somebody to share with.
        var isOpen = false
        var isSharing = false
        /// Whether the last one could not be shared, which has been told then.
        var isFailing = false
        /// What is being taken over from other gateways, which know it.
        var arriving: Set<Revocation> = []

        /// Whether somebody has to begin to share.
        mutating func begin() -> Bool {
            guard isOpen, !isSharing, !waiting.isEmpty || hasOverflowed else { return false }
            isSharing = true
            return true
        }

        mutating func next() -> Step? {
            if isOpen, let revocation = waiting.popFirst() { return .share(revocation) }
            isSharing = isOpen && hasOverflowed
            guard isSharing else { return nil }
            hasOverflowed = false
            return .shareEverything
        }
    }

    private enum Step {
        case share(Revocation)
        case shareEverything
    }

    /// Nil while no module revokes tokens.
    private let present: Mutex<(any TokenRevocations)?>
    private let adapter: any PubSubAdapter
    private let logger: Logger
    private let state = Mutex(State())

    init(_ revocations: (any TokenRevocations)?, _ adapter: any PubSubAdapter, _ logger: Logger) {
        present = Mutex(revocations)
        self.adapter = adapter
        self.logger = logger
    }

    /// Takes over what a new generation revokes tokens with.
    func adopt(_ revocations: (any TokenRevocations)?) { present.withLock { $0 = revocations } }

    /// All that is in force here.
    func current() async -> [Revocation] { await present.withLock { $0 }?.current() ?? [] }

    /// Takes over what other gateways have revoked.
    func take(_ revoked: [Revocation]) async {
        guard let revocations = present.withLock({ $0 }) else { return }
        var (rest, failure) = (revoked[...], nil as (any Error)?)
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.maxBatch))
            rest = rest.dropFirst(Self.maxBatch)
            state.withLock { $0.arriving.formUnion(batch) }
            do {
                try await revocations.revoke(batch)
            } catch {
                failure = failure ?? error
            }
            state.withLock { $0.arriving.subtract(batch) }
        }
        if let failure { logger.error("not all that other gateways have revoked is kept here: \(failure)") }
    }

    /// Something has been revoked: the other gateways are told, unless it came from them.
    func share(_ revocation: Revocation) {
        let begins = state.withLock { state in
            guard !state.arriving.contains(revocation) else { return false }
            if state.hasOverflowed || state.waiting.count >= Self.maxWaiting {
                state.hasOverflowed = true
            } else {
                state.waiting.append(revocation)
            }
            return state.begin()
        }
        if begins { Task { await run() } }
    }

    /// The modules have started: what has been revoked meanwhile is shared now.
    func begin() {
        let begins = state.withLock { state in
            state.isOpen = true
            return state.begin()
        }
        if begins { Task { await run() } }
    }

    /// The modules are about to stop: what waits is shared by the next process, when its adapter asks for all that is in force.
    func end() { state.withLock { $0.isOpen = false } }

    private func run() async {
        while let step = state.withLock({ $0.next() }) {
            switch step {
            case .share(let revocation): await tell(revocation)
            case .shareEverything:
                logger.warning("more revocations than can wait: all that are in force are shared again")
                for revocation in await current() {
                    guard state.withLock({ $0.isOpen }), await tell(revocation) else { break }
                }
            }
        }
    }

    /// Tells the other gateways of one; whether that worked.
    @discardableResult
    private func tell(_ revocation: Revocation) async -> Bool {
        do {
            try await adapter.share(revocation)
            state.withLock { $0.isFailing = false }
            return true
        } catch {
            let isNews = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            if isNews {
                logger.warning(
                    "a revocation is in force here and could not be shared; the other gateways get it once the broker is back: \(error)")
            }
            return false
        }
    }
}
