package import GatewayKit
import NIOCore
import Synchronization

extension Gateway {
    /// Puts another configuration into the place of the one that serves: a whole new generation of modules is made and started first, and
    /// any error leaves everything as it is.
    ///
    /// Connections stay open, and meet the new modules at their next message; what they are subscribed to is asked about again. What was
    /// waited for is decided as it began. The adapter goes on as it is. One at a time: whoever calls sees to that.
    ///
    /// - Parameters:
    ///   - settings: The core's settings; those that only a start reads count for nothing.
    ///   - pipeline: The modules, with the same adapter.
    /// - Returns: How many subscriptions the new rules have ended.
    /// - Throws: ``ConfigurationFailure`` where a module cannot be made or started; ``Rejection`` where the gateway is going down.
    package func reload(_ settings: CoreSettings, _ pipeline: ConfiguredPipeline) async throws -> Int {
        guard !core.isClosingDoor else { throw Rejection(.draining, "The gateway is going down") }
        let next = try workshop.make(settings, pipeline, after: generation)
        observeRevocations(of: next)
        try await next.start(running, isFirst: false)
        core.adopt(settings)
        exchange.adopt(next.revocations)
        present.withLock { $0 = next }
        // Each loop swaps in one turn, and then asks about what is subscribed in turns of its own.
        let passes = core.eventLoops.enumerated().map { index, eventLoop in
            let bound = core.shard(index)
            return eventLoop.flatSubmit { bound.value.adopt(next, settings) }
        }
        var ended = 0
        for pass in passes { ended += (try? await pass.get()) ?? 0 }
        workshop.forgetStates(but: pipeline)
        // What other modules know as revoked may be more.
        await core.sendRevokedAway()
        return ended
    }

    /// Counts a reload for the metrics.
    package func note(_ result: ReloadResult) { reloads.note(result) }
}
