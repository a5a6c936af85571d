import GatewayKit

/// A connection or a subscription that has ended, of which the modules have not been told.
enum UntoldEnd {
    case connection(Connection, ConnectionEnd)
    case subscription(TopicPattern, Connection)
}

extension Shard {
    /// Tells every module that listens for it what has happened, after what happened before it.
    func tell(_ event: (any EventHooks) -> Void) {
        tellEnds()
        callHooks(event)
    }

    /// The same for a subscription that stands now.
    func tellSubscribed(_ subscription: Subscription, _ connection: Connection) {
        subscription.isAnnounced = true
        tellEnds()
        callHooks { $0.subscribed(subscription.pattern, connection) }
    }

    /// Something has ended: the modules are told at the end of the turn, or with what comes next.
    ///
    /// It may have ended in the middle of a delivery, and what a module publishes then would overtake what is being delivered.
    func ended(_ end: UntoldEnd) {
        guard !generation.eventHooks.isEmpty else { return }
        beginTurnIfNone()
        untoldEnds.append(end)
    }

    /// Tells the modules what has ended; not in the middle of anything.
    func tellEnds() {
        // What a module publishes may end more.
        while !untoldEnds.isEmpty {
            let ends = untoldEnds
            untoldEnds.removeAll(keepingCapacity: ends.count <= 256)
            for end in ends { tell(end) }
        }
    }

    private func tell(_ end: UntoldEnd) {
        switch end {
        case .connection(let connection, let end): callHooks { $0.closed(connection, end) }
        case .subscription(let pattern, let connection):
            callHooks { $0.unsubscribed(pattern, connection) }
        }
    }

    private func callHooks(_ event: (any EventHooks) -> Void) {
        for (module, name) in generation.eventHooks {
            let call = beginCall(name)
            event(module)
            endCall(call)
        }
    }
}
