import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Tells the other gateways what is revoked here, and takes over what is revoked there.
///
/// A sorted set at Redis holds all that has not expired, so that whoever was cut off, or starts later, catches up. Sendable.
final class SharedRevocations: Sendable {
    typealias Send = @Sendable ([String], ByteBuffer?) async throws -> RESPValue

    private struct State {
        var send: Send?
        /// What has come and has not been handed over.
        var inbox: [Revocation] = []
        var isHandingOver = false
        var catchingUp: Task<Void, Never>?
    }

    /// How many are handled at once.
    private static let batch = 500
    /// How many may wait to be handed over.
    private static let maxInbox = 10_000
    /// What has expired is kept a while: clocks differ, and tokens have a leeway.
    private static let margin = Duration.seconds(3600)

    private let names: ChannelNames
    private let sink: any EventSink
    private let clock: GatewayClock
    private let logger: Logger
    private let state = Mutex(State())

    init(_ names: ChannelNames, _ sink: any EventSink, clock: GatewayClock, logger: Logger) {
        self.names = names
        self.sink = sink
        self.clock = clock
        self.logger = logger
    }

    /// Says how commands are sent.
    func begin(_ send: @escaping Send) { state.withLock { $0.send = send } }

    func stop() {
        let task = state.withLock { state in
            state.send = nil
            return state.catchingUp
        }
        task?.cancel()
    }

    // MARK: Telling

    /// Keeps a revocation at Redis, and tells the gateways that are there; what Redis knows already is told to nobody.
    ///
    /// - Throws: ``Rejection`` where Redis has not taken it.
    func share(_ revocation: Revocation) async throws {
        do {
            try await keep(SharedRevocation(revocation))
        } catch {
            throw Rejection(.brokerUnavailable, "The broker has not taken the revocation")
        }
    }

    private func keep(_ shared: SharedRevocation) async throws {
        let added = try await command("ZADD", names.revocationsKey, "GT", "CH", shared.score, shared.member)
        guard case .integer(let count) = added, count > 0 else { return }
        _ = try await send(["PUBLISH", names.revocations], Envelope.revocation(shared.text))
    }

    // MARK: Being told

    /// Another gateway has revoked something, or this one.
    func received(_ text: ByteBuffer) {
        guard let shared = SharedRevocation(text: String(buffer: text)) else { return }
        let isFirst = state.withLock { state -> Bool in
            guard state.inbox.count < Self.maxInbox else { return false }
            state.inbox.append(shared.revocation)
            defer { state.isHandingOver = true }
            return !state.isHandingOver
        }
        if isFirst { Task { await handOver() } }
    }

    private func handOver() async {
        while true {
            let next = state.withLock { state in
                defer { state.inbox.removeAll() }
                if state.inbox.isEmpty { state.isHandingOver = false }
                return state.inbox
            }
            guard !next.isEmpty else { return }
            await sink.revoke(next)
        }
    }

    /// Takes over what Redis has, and gives it what it lacks; the two may differ after an outage.
    ///
    /// - Parameter done: Gets what came of it, unless another one has begun since.
    func catchUp(_ done: @escaping @Sendable (Result<Void, RedisFailure>) -> Void) {
        let task = Task {
            let result: Result<Void, RedisFailure>
            do {
                try await takeOver()
                try await giveAll()
                result = .success(())
            } catch let failure as RedisFailure {
                result = .failure(failure)
            } catch {
                result = .failure(RedisFailure("\(error)"))
            }
            if !Task.isCancelled { done(result) }
        }
        state.withLock { state in
            state.catchingUp?.cancel()
            state.catchingUp = task
        }
    }

    private func takeOver() async throws {
        let oldest = clock.timestamp.advanced(by: .zero - Self.margin).milliseconds
        _ = try await command("ZREMRANGEBYSCORE", names.revocationsKey, "-inf", "(\(oldest)")
        var offset = 0
        while !Task.isCancelled {
            let answer = try await command(
                "ZRANGE", names.revocationsKey, String(oldest), "+inf", "BYSCORE", "LIMIT", String(offset), String(Self.batch), "WITHSCORES"
            )
            guard case .array(let values) = answer, !values.isEmpty else { return }
            let pairs = Self.pairs(values)
            await sink.revoke(pairs.compactMap { SharedRevocation(member: $0.member, score: $0.score)?.revocation })
            guard pairs.count == Self.batch else { return }
            offset += pairs.count
        }
    }

    private func giveAll() async throws {
        for revocation in await sink.revocations() {
            guard !Task.isCancelled else { return }
            try await keep(SharedRevocation(revocation))
        }
    }

    /// Members with scores: pairs in version 3 of the protocol, one after the other in version 2.
    private static func pairs(_ values: [RESPValue]) -> [(member: String, score: String)] {
        let flat = values.flatMap { value -> [RESPValue] in if case .array(let pair) = value { pair } else { [value] } }
        let texts = flat.map { value in
            switch value {
            case .bytes(let bytes), .other(let bytes): String(buffer: bytes)
            default: ""
            }
        }
        return stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }

    // MARK: Commands

    private func command(_ words: String...) async throws -> RESPValue {
        let answer = try await send(words, nil)
        if case .error(let text) = answer { throw RedisFailure(refused: words.first ?? "", text) }
        return answer
    }

    private func send(_ words: [String], _ payload: ByteBuffer?) async throws -> RESPValue {
        guard let send = state.withLock({ $0.send }) else { throw RedisFailure("there is no connection") }
        return try await send(words, payload)
    }
}
