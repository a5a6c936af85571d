import GatewayKit
import NIOCore

/// The clocks of one connection.
struct Timing {
    /// Since when the client has had to say who it is.
    private var authBegan: NIODeadline
    private(set) var lastReceived: NIODeadline
    private(set) var lastPing: NIODeadline
    /// When the message that is being received began.
    private(set) var messageBegan: NIODeadline?
    /// Which message that is.
    private var message = 0
    /// Since when nothing is read, for a verdict is awaited.
    private var paused: NIODeadline?

    init(now: NIODeadline) {
        authBegan = now
        lastReceived = now
        lastPing = now
    }

    /// The client has to say who it is, from now on.
    mutating func beginAuth(_ now: NIODeadline) { authBegan = now }

    /// Any inbound byte is life.
    mutating func received(_ now: NIODeadline) { lastReceived = now }

    mutating func pinged(_ now: NIODeadline) { lastPing = now }

    /// Notes what stands unfinished in the decoder after a read: the number of a message, or nil.
    mutating func reading(_ unfinished: Int?, now: NIODeadline) {
        guard let unfinished else {
            messageBegan = nil
            return
        }
        if messageBegan == nil || unfinished != message { messageBegan = now }
        message = unfinished
    }

    /// Stops the clocks of what the peer is to do, since the gateway itself does not read.
    mutating func pause(_ now: NIODeadline) { paused = now }

    mutating func resume(_ now: NIODeadline) {
        if let began = messageBegan, let paused { messageBegan = began + (now - max(began, paused)) }
        paused = nil
        lastReceived = now
    }

    func authDeadline(_ settings: CoreSettings) -> NIODeadline { authBegan + settings.auth.timeout.timeAmount }

    /// The next moment at which something may be due.
    func next(_ session: Session) -> NIODeadline {
        let settings = session.shard.settings
        if case .awaitingPeer(let until) = session.closing { return until }
        var next = min(lastReceived + settings.server.pingTimeout.timeAmount, lastPing + settings.server.pingInterval.timeAmount)
        if session.connection.principal == nil, settings.auth.required { next = min(next, authDeadline(settings)) }
        if let messageBegan { next = min(next, messageBegan + settings.limits.messageTimeout.timeAmount) }
        if let deadline = session.publishes.deadline { next = min(next, deadline) }
        // Dates are looked at on their own clock: how long it is until then, from now.
        let date = session.shard.time.timestamp
        let dates = [session.auth.hasNoticed ? nil : session.auth.noticeAt, session.expiryDate].compactMap { $0 }
        for due in dates { next = min(next, session.shard.time.now + max(.zero, date.duration(to: due)).timeAmount) }
        return next
    }
}

extension Session {
    /// When the token has expired, leeway included.
    var expiryDate: Timestamp? { outbox.deliverableUntil == .max ? nil : Timestamp(milliseconds: outbox.deliverableUntil) }

    /// Sees what is due; answers when to look again.
    func deadlinePassed(_ now: NIODeadline) -> NIODeadline? {
        switch closing {
        case .no: break
        case .awaitingPeer(let until):
            guard now >= until else { return until }
            finish()
            return nil
        case .flushing(let until):
            // What was due could not be written in time.
            guard now >= until else { return until }
            handler?.close()
            return nil
        }
        let settings = shard.settings
        if isExpired() { return timing.next(self) }
        if let deadline = publishes.deadline, now >= deadline { expirePublishes(now) }
        if connection.principal == nil, settings.auth.required, now >= timing.authDeadline(settings) {
            close(Rejection(.authTimeout, "No successful auth within \(settings.auth.timeout.settingText)"), code: 1008)
        } else if !isWaiting, let began = timing.messageBegan, now >= began + settings.limits.messageTimeout.timeAmount {
            close(Rejection(.messageTimeout, "The message was not finished in time"), code: 1008)
        } else if !isWaiting, now >= timing.lastReceived + settings.server.pingTimeout.timeAmount {
            close(Rejection(.idleTimeout, "Nothing was received for \(settings.server.pingTimeout.settingText)"), code: 1001)
        } else {
            remind(now)
        }
        return max(timing.next(self), now + .milliseconds(1))
    }

    /// Pings, and tells that the token is about to expire.
    private func remind(_ now: NIODeadline) {
        if now >= timing.lastPing + shard.settings.server.pingInterval.timeAmount {
            timing.pinged(now)
            reply(opcode: 9, ByteBuffer())
        }
        if !auth.hasNoticed, let noticeAt = auth.noticeAt, shard.time.timestamp >= noticeAt {
            auth.hasNoticed = true
            reply(.error(Rejection(.tokenExpiring, "The token is about to expire"), ReplyTo()))
        }
    }
}
