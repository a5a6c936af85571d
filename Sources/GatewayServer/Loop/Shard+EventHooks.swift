import GatewayKit

extension Shard {
    /// Tells every module that listens for it what has happened to a connection, after what happened before it.
    func tell(_ event: (any EventHooks) -> Void) {
        tellEnds()
        callHooks(event)
    }

    /// A connection has closed: the modules are told at the end of the turn.
    ///
    /// It may have closed in the middle of a delivery, and what a module publishes then would overtake what is being delivered.
    func closed(_ connection: Connection, _ end: ConnectionEnd) {
        beginTurnIfNone()
        ends.append((connection, end))
    }

    /// Tells the modules of the connections that have closed; not in the middle of anything.
    func tellEnds() {
        // What a module publishes may end more of them.
        while !ends.isEmpty {
            let told = ends
            ends.removeAll(keepingCapacity: told.count <= 256)
            for (connection, end) in told { callHooks { $0.closed(connection, end) } }
        }
    }

    private func callHooks(_ event: (any EventHooks) -> Void) {
        for (module, instance) in generation.eventHooks {
            let measurement = stageTimes.begin(hooksOf: instance)
            event(module)
            measurement.end()
        }
    }
}
