import GatewayKit
import Logging
import NIOCore
import Synchronization

/// Tells the other gateways what is revoked here, and takes over what is revoked there.
///
/// A sorted set at Redis holds all that has not expired, so that whoever was cut off, or starts later, catches up. Sendable.
final class SharedRevocations: Sendable {
    /// Sends commands in one piece and gives their answers.
    typealias Send = @Sendable ([[String]]) async throws -> [RESPValue]

    private struct State {
        var send: Send?
        /// Whether this gateway and Redis may know different things.
        var isBehind = true
        /// What has come and has not been handed over.
        var inbox: [Revocation] = []
        var isHandingOver = false
        var catchingUp: Task<Void, Never>?
    }

    /// How many are asked for at once.
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

    /// Keeps a revocation at Redis, and tells the gateways that are there.
    ///
    /// - Throws: ``Rejection`` where Redis has not taken it.
    func share(_ revocation: Revocation) async throws {
        do {
            try await keep(SharedRevocation(revocation))
        } catch {
            throw Rejection(.brokerUnavailable, "The broker has not taken the revocation")
        }
    }

    /// Both or neither: what is in the set and was not told would be told to nobody any more.
    private func keep(_ shared: SharedRevocation) async throws {
        _ = try await send([
            ["MULTI"], ["ZADD", names.revocationsKey, "GT", shared.score, shared.member],
            ["PUBLISH", names.revocations, Envelope.revocation(shared.text)], ["EXEC"],
        ])
    }

    // MARK: Being told

    /// Another gateway has revoked something, or this one.
    func received(_ text: ByteBuffer) {
        guard let shared = SharedRevocation(text: String(buffer: text)) else { return }
        let isFirst = state.withLock { state -> Bool in
            guard state.inbox.count < Self.maxInbox else {
                state.isBehind = true
                return false
            }
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

    /// Something may have been missed, on either side.
    func missed() { state.withLock { $0.isBehind = true } }

    /// Where something may have been missed, takes over what Redis has, and gives it what it lacks.
    ///
    /// - Parameter done: Gets what came of it, unless another one has begun since.
    func catchUp(_ done: @escaping @Sendable (Result<Void, RedisFailure>) -> Void) {
        state.withLock { state in
            guard state.isBehind else { return }
            state.isBehind = false
            state.catchingUp?.cancel()
            state.catchingUp = Task {
                let result: Result<Void, RedisFailure>
                do {
                    try await giveAll(but: try await takeOver())
                    result = .success(())
                } catch {
                    result = .failure(error as? RedisFailure ?? RedisFailure("\(error)"))
                }
                if !Task.isCancelled { done(result) }
            }
        }
    }

    /// - Returns: What Redis has.
    private func takeOver() async throws -> Set<SharedRevocation> {
        let oldest = clock.timestamp.advanced(by: .zero - Self.margin)
        _ = try await send([["ZREMRANGEBYSCORE", names.revocationsKey, "-inf", "(\(oldest.milliseconds)"]])
        var known: Set<SharedRevocation> = []
        var cursor = "0"
        repeat {
            let answer = try await send([["ZSCAN", names.revocationsKey, cursor, "COUNT", String(Self.batch)]]).first
            guard case .array(let parts) = answer, parts.count == 2, case .bytes(let next) = parts[0], case .array(let values) = parts[1]
            else { throw RedisFailure("Redis answers ZSCAN with something else than a cursor and members") }
            let page = Self.pairs(values).compactMap { SharedRevocation(member: $0.member, score: $0.score) }
            await sink.revoke(page.map(\.revocation))
            known.formUnion(page)
            cursor = String(buffer: next)
        } while cursor != "0" && !Task.isCancelled
        return known
    }

    private func giveAll(but known: Set<SharedRevocation>) async throws {
        for revocation in await sink.revocations() {
            let shared = SharedRevocation(revocation)
            guard !Task.isCancelled else { return }
            if !known.contains(shared) { try await keep(shared) }
        }
    }

    private static func pairs(_ values: [RESPValue]) -> [(member: String, score: String)] {
        let texts = values.map { if case .bytes(let bytes) = $0 { String(buffer: bytes) } else { "" } }
        return stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }

    // MARK: Commands

    /// - Throws: ``RedisFailure`` where Redis refuses one of the commands, or does not answer.
    private func send(_ commands: [[String]]) async throws -> [RESPValue] {
        guard let send = state.withLock({ $0.send }) else { throw RedisFailure("there is no connection") }
        let answers = try await send(commands)
        for (command, answer) in zip(commands, answers) {
            if case .error(let text) = answer { throw RedisFailure(refused: command.first ?? "", text) }
        }
        return answers
    }
}
