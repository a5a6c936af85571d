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
        /// Why what is revoked elsewhere may not be known here; nil where it is.
        var fault: String? = "what other gateways have revoked is not known yet"
        /// Whether something revoked here may not be known at Redis.
        var isOwing = true
        /// Whether something was missed since the look that is under way began.
        var hasMissed = false
        /// What has come and has not been handed over.
        var inbox: [Revocation] = []
        var handingOver: Task<Void, Never>?
        var catchingUp: Task<Void, Never>?
        var lastTold: String?
        var isStopped = false
    }

    /// How many are asked for, or given, at once.
    private static let batch = 500
    /// How many may wait to be handed over.
    private static let maxInbox = 10_000
    /// What has expired is kept a while: clocks differ, and tokens have a leeway.
    private static let margin = Duration.seconds(86_400)

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

    /// Why what is revoked elsewhere may not be known here; nil where it is.
    var fault: String? { state.withLock { $0.fault } }

    /// Says how commands are sent.
    func begin(_ send: @escaping Send) { state.withLock { $0.send = send } }

    /// Ends what is under way; the sink hears nothing after it.
    func stop() async {
        let tasks = state.withLock { state in
            state.send = nil
            state.isStopped = true
            state.inbox.removeAll()
            return [state.catchingUp, state.handingOver]
        }
        for task in tasks {
            task?.cancel()
            await task?.value
        }
    }

    // MARK: Telling

    /// Keeps a revocation at Redis, and tells the gateways that are there.
    ///
    /// - Throws: ``Rejection`` where Redis has not taken it; it is given again by itself.
    func share(_ revocation: Revocation) async throws {
        do {
            try await give([SharedRevocation(revocation)])
        } catch {
            state.withLock { $0.isOwing = true }
            throw Rejection(.brokerUnavailable, "The broker has not taken the revocation: \(error)")
        }
    }

    /// Both or neither: what is in the set and was not told would be told to nobody any more.
    private func give(_ shared: [SharedRevocation]) async throws {
        guard !shared.isEmpty else { return }
        let add = ["ZADD", names.revocationsKey, "GT"] + shared.flatMap { [$0.score, $0.member] }
        let tell = shared.map { ["PUBLISH", names.revocations, Envelope.revocation($0.text)] }
        let answers = try await send([["MULTI"], add] + tell + [["EXEC"]])
        if case .array(let results) = answers.last, case .error(let text) = results.first { throw RedisFailure(refused: "ZADD", text) }
    }

    // MARK: Being told

    /// Another gateway has revoked something, or this one.
    func received(_ text: ByteBuffer) {
        guard let shared = SharedRevocation(text: String(buffer: text)) else { return }
        state.withLock { state in
            guard !state.isStopped else { return }
            guard state.inbox.count < Self.maxInbox else { return Self.miss(&state) }
            state.inbox.append(shared.revocation)
            if state.handingOver == nil { state.handingOver = Task { await handOver() } }
        }
    }

    private func handOver() async {
        while true {
            let next = state.withLock { state in
                defer { state.inbox.removeAll() }
                if state.inbox.isEmpty { state.handingOver = nil }
                return state.inbox
            }
            guard !next.isEmpty else { return }
            await sink.revoke(next)
        }
    }

    // MARK: Catching up

    /// Something may have been missed, on either side.
    func missed() { state.withLock { Self.miss(&$0) } }

    private static func miss(_ state: inout State) {
        state.hasMissed = true
        state.isOwing = true
        state.fault = state.fault ?? "what other gateways have revoked meanwhile is not known yet"
    }

    /// Where something may have been missed, takes over what Redis has, and gives it what it lacks; asked for again and again.
    func catchUp() {
        state.withLock { state in
            guard state.catchingUp == nil, !state.isStopped, state.fault != nil || state.isOwing else { return }
            state.hasMissed = false
            state.catchingUp = Task {
                let failure = await exchange()
                self.state.withLock { $0.catchingUp = nil }
                if let failure { tell(failure) }
            }
        }
    }

    /// - Returns: What went wrong.
    private func exchange() async -> RedisFailure? {
        do {
            let known = try await takeOver()
            state.withLock { state in
                if !state.hasMissed { state.fault = nil }
            }
            try await giveAll(but: known)
            state.withLock { state in
                if !state.hasMissed { state.isOwing = false }
                state.lastTold = nil
            }
            return nil
        } catch {
            return error as? RedisFailure ?? RedisFailure("\(error)")
        }
    }

    private func tell(_ failure: RedisFailure) {
        let isNews = state.withLock { state -> Bool in
            if state.fault != nil { state.fault = "what other gateways have revoked is not known: \(failure)" }
            defer { state.lastTold = failure.description }
            return !state.isStopped && state.lastTold != failure.description
        }
        if isNews { logger.warning("revocations are not exchanged with the other gateways: \(failure); trying again") }
    }

    /// - Returns: What Redis has.
    private func takeOver() async throws -> Set<SharedRevocation> {
        let oldest = clock.timestamp.advanced(by: .zero - Self.margin)
        _ = try await send([["ZREMRANGEBYSCORE", names.revocationsKey, "-inf", "(\(oldest.milliseconds)"]])
        var known: Set<SharedRevocation> = []
        var cursor = "0"
        repeat {
            try Task.checkCancellation()
            let answer = try await send([["ZSCAN", names.revocationsKey, cursor, "COUNT", String(Self.batch)]]).first
            guard case .array(let parts) = answer, parts.count == 2, case .bytes(let next) = parts[0], case .array(let values) = parts[1]
            else { throw RedisFailure("Redis answers ZSCAN with something else than a cursor and members") }
            let page = Self.pairs(values).compactMap { SharedRevocation(member: $0.member, score: $0.score) }
            await sink.revoke(page.map(\.revocation))
            known.formUnion(page)
            cursor = String(buffer: next)
        } while cursor != "0"
        return known
    }

    private func giveAll(but known: Set<SharedRevocation>) async throws {
        var rest = await sink.revocations().map { SharedRevocation($0) }.filter { !known.contains($0) }[...]
        while !rest.isEmpty {
            try Task.checkCancellation()
            try await give(Array(rest.prefix(Self.batch)))
            rest = rest.dropFirst(Self.batch)
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
