import GatewayHTTP
public import GatewayKit
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A running gateway: the listener, its event loops and the modules of the present generation.
///
/// Sendable; every method may be called from any thread.
public final class Gateway: Sendable {
    let core: Core
    let group: MultiThreadedEventLoopGroup
    private let listeners = Mutex(Listeners())
    private let shards: [NIOLoopBound<Shard>]
    /// The generation that serves; each ``Shard`` has a reference of its own.
    let present: Mutex<Generation>
    let workshop: GenerationWorkshop
    let running = RunningModules()
    let exchange: RevocationExchange
    /// What has become of reloads.
    let reloads = ReloadCounts()

    private struct Listeners {
        var main: (any Channel)?
        var others: [any Channel] = []
    }

    /// Makes the modules, takes the ports, starts the modules, and lets clients in.
    ///
    /// - Parameters:
    ///   - settings: The core's settings.
    ///   - pipeline: The modules, as gateway.yaml configures them.
    ///   - clock: The clocks; a test gives its own.
    ///   - logger: Where the gateway logs.
    ///   - opensPort: Whether `server.port` is opened; without it clients come by ``letIn(from:)`` alone.
    ///   - prepare: What has to be there before the modules start, such as listeners of its own.
    /// - Returns: The gateway, once it listens.
    /// - Throws: ``ConfigurationFailure`` where a module or the certificate cannot be used, ``ListenFailure`` where the port cannot.
    package static func start(
        _ settings: CoreSettings, pipeline: ConfiguredPipeline, clock: GatewayClock = .system, logger: Logger,
        opensPort: Bool = true, prepare: @Sendable (Gateway) async throws -> Void = { _ in }
    ) async throws -> Gateway {
        let count: Int =
            switch settings.server.eventLoops {
            case .auto: System.coreCount
            case .count(let count): count
            }
        let tls: TLSContext?
        do throws(ModuleError) {
            tls = try settings.server.tls.map { settings throws(ModuleError) in try TLSContext(settings) }
        } catch {
            throw ConfigurationFailure("server.tls", error)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        do {
            return try await start(settings, pipeline, clock, logger, tls, group, opensPort, prepare)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func start(
        _ settings: CoreSettings, _ pipeline: ConfiguredPipeline, _ clock: GatewayClock, _ logger: Logger, _ tls: TLSContext?,
        _ group: MultiThreadedEventLoopGroup, _ opensPort: Bool, _ prepare: @Sendable (Gateway) async throws -> Void
    ) async throws -> Gateway {
        let eventLoops = Array(group.makeIterator())
        let core = Core(settings: settings, clock: clock, logger: logger, eventLoops: eventLoops, tls: tls)
        let workshop = GenerationWorkshop(logger: logger, clock: clock, eventLoopGroup: group)
        let generation = try workshop.make(settings, pipeline)
        var shards: [NIOLoopBound<Shard>] = []
        for (index, eventLoop) in eventLoops.enumerated() {
            shards.append(
                try await eventLoop.submit {
                    let shard = Shard(eventLoop: eventLoop, index: index, core: core, generation: generation)
                    shard.start()
                    return NIOLoopBound(shard, eventLoop: eventLoop)
                }.get())
        }
        core.setShards(shards)
        let exchange = RevocationExchange(generation.revocations, generation.adapter, logger)
        generation.adapter.attach(DeliveryHub(core, exchange))
        workshop.publisher.adapter.withLock { $0 = generation.adapter }
        workshop.publisher.core.withLock { $0 = core }
        let gateway = Gateway(core: core, group: group, shards: shards, generation: generation, workshop: workshop, exchange: exchange)
        gateway.observeRevocations(of: generation)
        do {
            // Modules change files when they start: not where another process has the port.
            if opensPort { try await gateway.bind() }
            try await prepare(gateway)
            try await generation.start(gateway.running, isFirst: true)
            exchange.begin()
        } catch {
            await gateway.closeListeners()
            await gateway.running.stopAll()
            throw error
        }
        do {
            try await gateway.letIn()
            return gateway
        } catch {
            await gateway.closeListeners()
            exchange.end()
            await gateway.running.stopAll()
            throw error
        }
    }

    private init(
        core: Core, group: MultiThreadedEventLoopGroup, shards: [NIOLoopBound<Shard>], generation: Generation,
        workshop: GenerationWorkshop, exchange: RevocationExchange
    ) {
        self.core = core
        self.group = group
        self.shards = shards
        self.workshop = workshop
        self.exchange = exchange
        present = Mutex(generation)
    }

    /// Hears of what a generation's modules revoke, once, before they start.
    func observeRevocations(of generation: Generation) {
        generation.revocations?.observe { [weak core, weak exchange] revocation in
            core?.revoked()
            exchange?.share(revocation)
        }
    }

    private func bind() async throws {
        let server = core.settings.server
        let main = try await Listener.bind(
            .port(host: server.host, server.port), nil, core, group: group, shards: shards, tls: core.tls)
        listeners.withLock { $0.main = main }
    }

    private func letIn() async throws {
        core.hasStarted.store(true, ordering: .relaxed)
        guard let main = listeners.withLock({ $0.main }) else { return }
        try await Listener.open(main)
        let server = core.settings.server
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        core.logger.info("listening on \(core.tls == nil ? "http" : "https")://\(host):\(port)")
    }

    /// Opens a listener with routes of its own; until the modules have started, it answers 503 `starting` to all but health.
    ///
    /// - Parameters:
    ///   - place: Where.
    ///   - routes: What it answers.
    ///   - guardian: Looks at each request before anything else; nil lets it pass.
    /// - Returns: The port; 0 for a Unix socket.
    /// - Throws: ``ListenFailure`` where the port cannot be listened on; NIO's error for a Unix socket.
    package func listen(
        on place: ListeningPlace, routes: [HTTPRoute], guardian: @escaping @Sendable (SiteRequest) -> HTTPRefusal?
    ) async throws -> Int {
        let site = Site.own(try HTTPRouter(routes)) { [core] request in
            if let refusal = guardian(request) { return refusal }
            let isAnswered = core.hasStarted.load(ordering: .relaxed) || HealthRoutes.paths.contains(request.path)
            return isAnswered ? nil : .starting
        }
        let listener = try await Listener.bind(place, site, core, group: group, shards: shards)
        listeners.withLock { $0.others.append(listener) }
        try await Listener.open(listener)
        return listener.localAddress?.port ?? 0
    }

    /// The generation that serves now.
    var generation: Generation { present.withLock { $0 } }

    /// What modules publish with.
    var hub: Publisher { workshop.publisher }

    /// Whether a module of the pipeline revokes tokens.
    package var canRevoke: Bool { generation.revocations != nil }

    /// What plain HTTP requests are answered on `server.port`.
    package var routes: [HTTPRoute] { generation.router.routes }

    /// The port that is listened on.
    public var port: Int { listeners.withLock { $0.main?.localAddress?.port } ?? core.settings.server.port }

    /// The addresses and ports that are listened on, those of ``listen(on:routes:guardian:)`` included; a Unix socket has none.
    ///
    /// That of `server.port` has the URL of the WebSocket endpoint, as this machine reaches it, unless `server.enabled` is false.
    package var listeningAddresses: [(ip: String, port: Int, endpoint: String?)] {
        let server = core.settings.server
        let (main, others) = listeners.withLock { ($0.main, $0.others) }
        return ([main].compactMap(\.self) + others).compactMap { listener in
            guard let address = listener.localAddress, let ip = address.ipAddress, let port = address.port else { return nil }
            return (ip, port, listener === main && server.enabled ? server.endpoint(port: port) : nil)
        }
    }

    /// How many connections count now.
    public var connectionCount: Int { core.admission.connections }

    /// How many sockets are open, those that linger after their close included.
    package var socketCount: Int { core.sockets.load(ordering: .relaxed) }

    /// Publishes an event to all its topics, as applications do.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``Rejection`` where the adapter does not take it, or not in time; ``HTTPRefusal`` with the id of the log where it fails.
    public func publish(_ event: Event) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            core.onSomeShard { [hub] shard in
                shard.beginTurn()
                hub.publish(event, from: nil, shard) { continuation.resume(with: $0) }
            }
        }
    }

    /// Makes tokens worthless, and sends away who came with them.
    ///
    /// - Parameter revocation: Which tokens.
    /// - Returns: How many connections have been sent away.
    /// - Throws: ``ModuleError`` where no module of the pipeline can, or where it cannot be kept; ``HTTPRefusal`` with status 503 where too
    ///   many are under way.
    @discardableResult
    package func revoke(_ revocation: Revocation) async throws -> Int {
        let generation = generation
        // Its modules do not stop meanwhile.
        defer { withExtendedLifetime(generation) {} }
        guard let revocations = generation.revocations else {
            throw ModuleError("no module of the pipeline revokes tokens", help: "name one that does: auth: [jwt]", code: .missingProvider)
        }
        guard let tally = core.revocationTallies.begin(revocation) else {
            throw HTTPRefusal(status: 503, .overloaded, "Too many revocations are under way", retryAfter: .seconds(1))
        }
        do {
            try await revocations.revoke(revocation)
        } catch {
            _ = core.revocationTallies.end(tally)
            throw error
        }
        await core.sendRevokedAway()
        return core.revocationTallies.end(tally)
    }

    /// Shuts down as SIGTERM does: no new connections, every client told and sent away over `drain.duration`, queues written first.
    public func drain() async {
        await Drain(core: core, listener: listeners.withLock { $0.main }).run()
        await stop()
    }

    /// Closes everything at once.
    public func stop() async {
        await closeListeners()
        await core.onEveryShard { shard in
            shard.stop()
            for session in shard.sessions.values {
                session.handler?.close()
                // With TLS the socket closes later; modules hear of the end before they stop.
                session.release()
            }
            shard.tellEnds()
        }
        exchange.end()
        await core.routes.end()
        await running.stopAll()
        core.advance(to: .stopped)
        try? await group.shutdownGracefully()
    }
}

extension Gateway {
    private func closeListeners() async {
        let open = listeners.withLock { [$0.main].compactMap(\.self) + $0.others }
        for listener in open { try? await listener.close().get() }
    }
}
