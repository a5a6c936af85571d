import DequeModule
import GatewayKit
import NIOCore

/// Publishes what the connections of one event loop say, over a connection of its own: in order, and without a hop.
///
/// On its event loop only. It is up once a probe that it sent has come back by the subscriptions.
final class PublisherLink {
    /// What an answer is for.
    private enum Expected {
        case publish(PublishBatch, bytes: Int)
        case probe
        case command(EventLoopPromise<RESPValue>)
    }

    private let eventLoop: any EventLoop
    private let index: Int
    private let node: RedisNode
    /// Who sends, in envelopes: another one in each process and on each loop.
    private let origin: UInt64
    private var sequence: UInt64 = 0
    private var expected = Deque<Expected>()
    private var pendingBytes = 0
    private var batch: PublishBatch?
    private var probe = Probe()
    private var isUp = false
    private var areSubscriptionsReady = false
    private var ticker: RepeatedTask?
    private var lastTick = NIODeadline.now()
    private lazy var link = RedisLink(node.endpoint, eventLoop, self)

    init(_ node: RedisNode, _ eventLoop: any EventLoop, _ index: Int) {
        self.node = node
        self.eventLoop = eventLoop
        self.index = index
        origin = node.origins[index]
    }

    /// Connects.
    func start() {
        link.start()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        ticker = eventLoop.scheduleRepeatedTask(initialDelay: node.probeInterval, delay: node.probeInterval) { _ in bound.value.tick() }
    }

    /// Closes; what has not been answered is refused.
    func stop() {
        ticker?.cancel()
        link.stop()
        refuseAll("The gateway is going down")
        isUp = false
    }

    // MARK: Publishing

    /// Sends an event to the channels of its topics.
    func publish(_ event: Event) -> Verdict<Rejection> {
        guard isUp, let connection = link.connection else { return refuseOutage(event) }
        guard Envelope.fits(event) else { return .refuse(Rejection(.messageTooBig, "The message is too long for the broker")) }
        let length = Envelope.length(of: event)
        let bytes = length * (1 + event.otherTopics.count)
        guard pendingBytes == 0 || pendingBytes + bytes <= node.settings.maxPending.bytes else {
            return .refuse(Rejection(.overloaded, "The gateway cannot take more messages now", retryAfter: .seconds(1)))
        }
        sequence += 1
        pendingBytes += bytes
        let batch = batch ?? PublishBatch(eventLoop)
        self.batch = batch
        connection.write { buffer in
            write(event, event.topic, length, into: &buffer)
            for topic in event.otherTopics { write(event, topic, length, into: &buffer) }
        }
        for _ in 0...event.otherTopics.count {
            batch.add()
            expected.append(.publish(batch, bytes: length))
        }
        return .later(batch.future)
    }

    private func write(_ event: Event, _ topic: Topic, _ length: Int, into buffer: inout ByteBuffer) {
        buffer.writeCommand(words: 3)
        buffer.writeWord("PUBLISH")
        node.names.write(topic: topic.bytes, into: &buffer)
        buffer.writeWord(length) { Envelope.write(event, Envelope.Stamp(origin: origin, sequence: sequence), into: &$0) }
    }

    private func refuseOutage(_ event: Event) -> Verdict<Rejection> {
        guard node.settings.onOutage == .local else { return .refuse(Rejection(.brokerUnavailable, "The broker is not reachable now")) }
        _ = node.sink.deliver(event.markedAsLocal, on: eventLoop)
        return .refuse(Rejection(.brokerUnavailable, "The broker is not reachable now: the message was delivered on this gateway alone"))
    }

    // MARK: Commands

    /// Sends commands in one piece and gives their answers: for what is no message.
    func send(_ commands: [[String]]) -> EventLoopFuture<[RESPValue]> {
        guard let connection = link.connection else { return eventLoop.makeFailedFuture(RedisFailure("there is no connection")) }
        let promises = commands.map { _ in eventLoop.makePromise(of: RESPValue.self) }
        connection.write { buffer in
            for words in commands {
                buffer.writeCommand(words: words.count)
                for word in words { buffer.writeWord(word) }
            }
        }
        expected += promises.map(Expected.command)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let deadline = eventLoop.scheduleTask(in: node.commandTimeout) {
            bound.value.link.fail(RedisFailure("Redis has not answered \(commands.first?.first ?? "") in time"))
        }
        let answers = EventLoopFuture.whenAllSucceed(promises.map(\.futureResult), on: eventLoop)
        answers.whenComplete { _ in deadline.cancel() }
        return answers
    }

    // MARK: Probes

    /// The subscriptions work, or do not any more.
    func subscriptionsChanged(_ failure: RedisFailure?) {
        areSubscriptionsReady = failure == nil
        probe.forget()
        guard let failure else { return tick() }
        isUp = false
        node.publishingFailed(index, failure)
    }

    /// A probe of this gateway has come.
    func returned(_ stamp: Envelope.Stamp) {
        guard stamp.origin == origin, let date = probe.returned(stamp.sequence) else { return }
        link.succeeded()
        isUp = true
        node.proven(index, date)
    }

    private func tick() {
        // A loop that stood still itself has not read what waits for it.
        let isLate = NIODeadline.now() - lastTick > node.probeInterval + node.probeInterval + .milliseconds(100)
        lastTick = .now()
        if probe.age > node.probeTimeout { return isLate ? () : lost() }
        guard areSubscriptionsReady, !probe.isUnderWay, let connection = link.connection else { return }
        let stamp = Envelope.Stamp(origin: origin, sequence: probe.send(node.clock))
        connection.write { buffer in
            buffer.writeCommand(words: 3)
            buffer.writeWord("PUBLISH")
            buffer.writeWord(node.names.probes)
            buffer.writeWord(Envelope.probeLength) { Envelope.write(probe: stamp, into: &$0) }
        }
        expected.append(.probe)
    }

    /// A probe has not come back: it may be this connection or that of the subscriptions, so both are made anew.
    private func lost() {
        let failure = RedisFailure("Redis has not delivered a message for \(node.settings.probeTimeout.settingText)")
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        node.restartSubscriptions(failure) { [eventLoop] in
            eventLoop.submit {
                guard bound.value.probe.age > bound.value.node.probeTimeout else { return true }
                bound.value.link.fail(failure)
                return false
            }
        }
    }
}

extension PublisherLink: RedisLinkUser {
    func opened() { tick() }

    func received(_ message: RESPMessage) { link.fail(RedisFailure("Redis sends a message to a connection that has not subscribed")) }

    func received(_ value: RESPValue) {
        guard let next = expected.popFirst() else { return link.fail(RedisFailure("Redis answers what nobody asked")) }
        switch (next, value) {
        case (.publish(let batch, let bytes), .integer):
            pendingBytes -= bytes
            batch.answered(nil)
        case (.publish(let batch, let bytes), .error(let text)):
            pendingBytes -= bytes
            node.refused("PUBLISH", text)
            batch.answered(Rejection(.brokerUnavailable, "The broker did not take all that was published together"))
        case (.probe, .integer): break
        case (.probe, .error(let text)): link.fail(RedisFailure(refused: "PUBLISH", text))
        case (.command(let promise), let value): promise.succeed(value)
        case (.publish(let batch, let bytes), _):
            pendingBytes -= bytes
            batch.answered(Rejection(.brokerUnavailable, "The broker does not take the message"))
            link.fail(RedisFailure("Redis answers PUBLISH with something else than a number"))
        case (.probe, _): link.fail(RedisFailure("Redis answers PUBLISH with something else than a number"))
        }
    }

    func willFlush() {
        batch?.close()
        batch = nil
    }

    func failed(_ failure: RedisFailure) {
        isUp = false
        probe.forget()
        node.publishingFailed(index, failure)
        refuseAll("The broker has not said whether it took the message")
    }

    private func refuseAll(_ message: String) {
        willFlush()
        let (unanswered, failure) = (expected, RedisFailure(message))
        expected.removeAll()
        pendingBytes = 0
        for entry in unanswered {
            switch entry {
            case .publish(let batch, _): batch.answered(Rejection(.brokerUnavailable, message))
            case .command(let promise): promise.fail(failure)
            case .probe: break
            }
        }
    }
}

extension Event {
    /// The same with a word in its metadata that says that only the subscribers of one gateway got it.
    fileprivate var markedAsLocal: Event {
        var members = sender.members
        members.writeString(",\"localOnly\":true")
        return Event(topic: topic, otherTopics: otherTopics, message: message, sender: Sender(carried: members))
    }
}

@available(*, unavailable)
extension PublisherLink: Sendable {}
