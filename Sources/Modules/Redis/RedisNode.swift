import GatewayKit
import Logging
import NIOCore
import Synchronization

/// This process at Redis: its links, and what they tell each other across event loops.
///
/// Sendable; what belongs to a loop is touched on that loop alone.
final class RedisNode: Sendable {
    /// One link an event loop to publish, and one for all to receive.
    struct Links: Sendable {
        let publishers: [NIOLoopBound<PublisherLink>]
        let subscriber: NIOLoopBound<SubscriberLink>
    }

    let settings: RedisSettings
    let names: ChannelNames
    let endpoint: RedisEndpoint
    let sink: any EventSink
    let clock: GatewayClock
    let logger: Logger
    let status: RedisStatus
    let eventLoops: [any EventLoop]
    /// Who sends, in envelopes: a number for each event loop, others in each process.
    let origins: [UInt64]
    let probeInterval: TimeAmount
    let probeTimeout: TimeAmount
    /// How long Redis may take to answer a command that is no message.
    let commandTimeout = TimeAmount.seconds(10)
    /// How long Redis may take to confirm what is asked for anew: the most that a gateway can have, at a slow server.
    let restoreTimeout = TimeAmount.seconds(30)
    let revocations: SharedRevocations
    private let links = Mutex<Links?>(nil)
    private let lastWarning = Mutex<[String: NIODeadline]>([:])

    init(
        _ settings: RedisSettings, _ endpoint: RedisEndpoint, _ sink: any EventSink, _ eventLoops: [any EventLoop], clock: GatewayClock,
        logger: Logger
    ) {
        self.settings = settings
        self.endpoint = endpoint
        self.sink = sink
        self.clock = clock
        self.logger = logger
        self.eventLoops = eventLoops
        origins = eventLoops.map { _ in UInt64.random(in: .min ... .max) }
        let node = String(UInt64.random(in: .min ... .max), radix: 36)
        names = ChannelNames(prefix: settings.prefix, database: settings.url.database, node: node)
        let parts = [RedisStatus.Part.subscriptions] + eventLoops.indices.map(RedisStatus.Part.publishing)
        status = RedisStatus(parts, settings, clock: clock, logger: logger)
        probeInterval = settings.probeInterval.timeAmount
        probeTimeout = settings.probeTimeout.timeAmount
        revocations = SharedRevocations(names, sink, clock: clock, logger: logger)
    }

    /// Makes the links and lets them connect.
    func start() async throws -> Links {
        guard let home = eventLoops.first else { throw ModuleError("there is no event loop") }
        var publishers: [NIOLoopBound<PublisherLink>] = []
        for (index, eventLoop) in eventLoops.enumerated() {
            publishers.append(
                try await eventLoop.submit { NIOLoopBound(PublisherLink(self, eventLoop, index), eventLoop: eventLoop) }.get())
        }
        let subscriber = try await home.submit { NIOLoopBound(SubscriberLink(self, home), eventLoop: home) }.get()
        let made = Links(publishers: publishers, subscriber: subscriber)
        links.withLock { $0 = made }
        revocations.begin { [weak self] commands in
            guard let self, let publisher = links.withLock({ $0?.publishers.first }) else { throw RedisFailure("there is no connection") }
            return try await home.flatSubmit { publisher.value.send(commands) }.get()
        }
        home.execute { subscriber.value.start() }
        onEveryPublisher { $0.start() }
        return made
    }

    /// For readiness: messages flow, and what was revoked elsewhere is known.
    var health: AdapterHealth { (status.fault ?? revocations.fault).map { .down($0) } ?? .up }

    /// Closes the links.
    func stop() async {
        await revocations.stop()
        guard
            let links = links.withLock({ links in
                defer { links = nil }
                return links
            })
        else { return }
        for (eventLoop, publisher) in zip(eventLoops, links.publishers) { try? await eventLoop.submit { publisher.value.stop() }.get() }
        try? await eventLoops.first?.submit { links.subscriber.value.stop() }.get()
    }

    private func onEveryPublisher(_ body: @escaping @Sendable (PublisherLink) -> Void) {
        guard let publishers = links.withLock({ $0?.publishers }) else { return }
        for (eventLoop, publisher) in zip(eventLoops, publishers) { eventLoop.execute { body(publisher.value) } }
    }

    // MARK: What the links tell each other

    /// Redis has confirmed all subscriptions.
    func subscriptionsWork() {
        works(.subscriptions)
        onEveryPublisher { $0.subscriptionsChanged(nil) }
    }

    /// The connection that brings events has gone.
    func subscriptionsFailed(_ failure: RedisFailure) {
        status.failed(.subscriptions, failure.description)
        revocations.missed()
        onEveryPublisher { $0.subscriptionsChanged(failure) }
    }

    /// What an event loop publishes goes nowhere.
    func publishingFailed(_ index: Int, _ failure: RedisFailure) {
        status.failed(.publishing(index), failure.description)
        if index == 0 { revocations.missed() }
    }

    /// Gives up the connection that brings events, unless `isAnswered` then: what waits in its socket is read before that is asked.
    func restartSubscriptions(_ failure: RedisFailure, unless isAnswered: @escaping @Sendable () -> EventLoopFuture<Bool>) {
        guard let subscriber = links.withLock({ $0?.subscriber }), let home = eventLoops.first else { return }
        home.scheduleTask(in: .milliseconds(10)) {
            isAnswered().hop(to: home).whenSuccess { if !$0 { subscriber.value.restart(failure) } }
        }
    }

    /// A probe has come.
    func returned(_ stamp: Envelope.Stamp) {
        guard let index = origins.firstIndex(of: stamp.origin), let links = links.withLock({ $0 }) else { return }
        eventLoops[index].execute { links.publishers[index].value.returned(stamp) }
    }

    /// What a loop publishes comes back.
    func proven(_ index: Int, _ date: Timestamp) {
        status.proven(date)
        // The commands of that go over the first loop's connection.
        if index == 0 { revocations.catchUp() }
        works(.publishing(index))
    }

    private func works(_ part: RedisStatus.Part) {
        if let since = status.works(part) { sink.lostEvents(since: since) }
    }

    // MARK: What is told to people

    /// Redis refuses a command that it should take.
    func refused(_ command: String, _ answer: String) {
        warn("refused", "\(RedisFailure(refused: command, answer))")
    }

    /// Something came that no gateway of this version sends.
    func unreadable() {
        warn("unreadable", "a message on a channel of prefix '\(settings.prefix)' is none of a gateway of this version, and is dropped")
    }

    /// At most one line in ten seconds for each kind.
    private func warn(_ kind: String, _ text: String) {
        let now = clock.now
        let isDue = lastWarning.withLock { last in
            if let time = last[kind], now - time < .seconds(10) { return false }
            last[kind] = now
            return true
        }
        if isDue { logger.warning("\(text)") }
    }
}
