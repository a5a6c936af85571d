import GatewayKit
import Logging
import NIOCore
import Synchronization

/// The graceful end: readiness off, grace, no new connections, then every client is told and sent away, a few at a time.
struct Drain {
    let core: Core
    let listener: (any Channel)?

    func run() async {
        let settings = core.settings.server.drain
        core.logger.info("draining", metadata: ["connections": "\(core.admission.connections)"])
        core.advance(to: .closingDoor)
        await sleep(settings.grace)
        core.advance(to: .draining)
        try? await listener?.close().get()
        // What was acknowledged stands in the mailboxes: two rounds, and every loop has delivered it.
        await core.onEveryShard { $0.readMail() }
        await core.onEveryShard { $0.readMail() }
        await core.onEveryShard { shard in
            for handler in shard.idle.values { handler.linger() }
        }
        await sendAway(over: settings.duration)
        await waitForClients()
        core.logger.info("drained")
    }

    /// Sends every client away, spread over the duration in steps of 50 ms.
    private func sendAway(over duration: Duration) async {
        // At least half of the time is left for the clients to take what is queued and to answer.
        let spread = duration / 2
        let steps = max(1, Int(clamping: spread.milliseconds / 50))
        for step in 0..<steps {
            await core.onEveryShard { shard in
                shard.beginTurn()
                let left = steps - step
                let share = (shard.sessions.count + left - 1) / left
                for session in shard.sessions.values.prefix(share) { session.drain(over: duration) }
            }
            if await isEmpty() { return }
            if step + 1 < steps { await sleep(.milliseconds(50), unless: { hasNoSockets }) }
        }
    }

    /// Until every socket has closed, or the clients have had time enough.
    private func waitForClients() async {
        await sleep(core.settings.server.closeTimeout + .seconds(1), unless: { hasNoSockets })
    }

    private var hasNoSockets: Bool { core.sockets.load(ordering: .relaxed) == 0 }

    private func isEmpty() async -> Bool {
        for index in core.eventLoops.indices where await core.sessionCount(index) > 0 { return false }
        return true
    }

    /// Waits by the gateway's clock, which a test moves; no longer than until `isDone`.
    private func sleep(_ duration: Duration, unless isDone: () -> Bool = { false }) async {
        guard let eventLoop = core.eventLoops.first else { return }
        let end = core.clock.now + duration.timeAmount
        while core.clock.now < end, !isDone() {
            let step = min(end - core.clock.now, .milliseconds(20))
            try? await eventLoop.scheduleTask(in: step) {}.futureResult.get()
        }
    }
}

extension Session {
    /// Tells the client that the gateway goes down, and when to come back: spread, so that not all come at once.
    func drain(over duration: Duration) {
        let spread = max(1000, duration.milliseconds)
        let retryAfter = Duration.milliseconds(Int64.random(in: 500...(500 + spread)))
        close(Rejection(.draining, "The gateway is going down", retryAfter: retryAfter), code: 1001)
    }
}
