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
    private let core: Core
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let generation: Generation
    private let hub: Publisher

    /// Makes the modules, starts them, and listens.
    ///
    /// - Parameters:
    ///   - settings: The core's settings.
    ///   - pipeline: The modules, as gateway.yaml configures them.
    ///   - clock: The clocks; a test gives its own.
    ///   - logger: Where the gateway logs.
    /// - Returns: The gateway, once it listens.
    /// - Throws: ``ConfigurationFailure`` where a module or the certificate cannot be used, ``ListenFailure`` where the port cannot.
    package static func start(
        _ settings: CoreSettings, pipeline: ConfiguredPipeline, clock: GatewayClock = .system, logger: Logger
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
            return try await start(settings, pipeline, clock, logger, tls, group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func start(
        _ settings: CoreSettings, _ pipeline: ConfiguredPipeline, _ clock: GatewayClock, _ logger: Logger, _ tls: TLSContext?,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> Gateway {
        let eventLoops = Array(group.makeIterator())
        let core = Core(settings: settings, clock: clock, logger: logger, eventLoops: eventLoops, tls: tls)
        let publisher = Publisher()
        let generation = try Generation.make(
            pipeline, logger: logger, clock: clock, eventLoopGroup: group, shared: SharedState(), publisher: publisher)
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
        generation.adapter.attach(DeliveryHub(Array(zip(eventLoops, shards)).map { (eventLoop: $0.0, shard: $0.1) }))
        publisher.adapter.withLock { $0 = generation.adapter }
        try await generation.start()
        do {
            let listener = try await Listener.bind(core, group: group, shards: shards)
            return Gateway(core: core, group: group, listener: listener, generation: generation, hub: publisher)
        } catch {
            await generation.stop()
            throw error
        }
    }

    private init(core: Core, group: MultiThreadedEventLoopGroup, listener: any Channel, generation: Generation, hub: Publisher) {
        self.core = core
        self.group = group
        self.listener = listener
        self.generation = generation
        self.hub = hub
        let scheme = core.tls == nil ? "http" : "https"
        let host = core.settings.server.host
        core.logger.info("listening on \(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)")
    }

    /// The port that is listened on.
    public var port: Int { listener.localAddress?.port ?? core.settings.server.port }

    /// How many connections count now.
    public var connectionCount: Int { core.admission.connections }

    /// How many sockets are open, those that linger after their close included.
    package var socketCount: Int { core.sockets.load(ordering: .relaxed) }

    /// Publishes an event to all its topics, as applications do.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``Rejection`` where the adapter does not take it.
    public func publish(_ event: Event) async throws {
        let eventLoop = group.next()
        let verdict = try await eventLoop.submit { [hub] in hub.publish(event, on: eventLoop) }.get()
        try await Self.await(verdict)
    }

    private static func await(_ verdict: Verdict<Rejection>) async throws {
        switch verdict {
        case .proceed: return
        case .refuse(let rejection): throw rejection
        case .later(let future): try await self.await(try await future.get())
        }
    }

    /// Shuts down as SIGTERM does: no new connections, every client told and sent away over `drain.duration`, queues written first.
    public func drain() async {
        await Drain(core: core, listener: listener).run()
        await stop()
    }

    /// Closes everything at once.
    public func stop() async {
        try? await listener.close().get()
        await core.onEveryShard { shard in
            shard.stop()
            for session in shard.sessions.values { session.handler?.close() }
        }
        await generation.stop()
        try? await group.shutdownGracefully()
    }
}

/// The port cannot be listened on.
public struct ListenFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with the cure.
    public let description: String

    init(host: String, port: Int, error: any Error) {
        let code = (error as? IOError)?.errnoCode
        let cure =
            switch code {
            case EADDRINUSE: "another program listens there: stop it, or set server.port (WEBSOCKET_PORT) to another port"
            case EACCES: "ports below 1024 need a privilege: set server.port (WEBSOCKET_PORT) to a higher one"
            case EADDRNOTAVAIL: "no interface of this machine has that address: set server.host (WEBSOCKET_HOST)"
            default: "set server.host and server.port to an address of this machine"
            }
        description = "cannot listen on \(host):\(port): \(error)\nhelp: \(cure)"
    }
}
