import GatewayKit
import NIOCore

/// How far a connection has come with saying who it is.
struct AuthState {
    /// Bad tokens since the last good one.
    var attempts = 0
    /// When the last renewal was asked for.
    var lastRenewal: NIODeadline?
    /// Whether the client has been told that its token expires.
    var hasNoticed = false
    /// When to tell it; nil for a token that does not live longer than the notice.
    var noticeAt: Timestamp?
}

extension Session {
    func authenticate(_ frame: ClientFrame, _ reply: ReplyTo) throws(Rejection) {
        let token: String
        do throws(Rejection) {
            token = try frame.token()
        } catch {
            refuse(error, reply)
            countAttempt()
            return
        }
        if connection.principal != nil {
            if let last = auth.lastRenewal, shard.time.now < last + .seconds(1) {
                let wait = last + .seconds(1) - shard.time.now
                throw Rejection(.rateLimited, "At most one renewal a second", retryAfter: .nanoseconds(wait.nanoseconds))
            }
            auth.lastRenewal = shard.time.now
        }
        ask(.token(token), reply, shard.generation, from: 0)
    }

    /// Asks the auth stage from the module at `start` on: the first that does not abstain decides.
    private func ask(_ credentials: Credentials, _ reply: ReplyTo, _ generation: Generation, from start: Int) {
        let stages = generation.auth
        for index in start..<max(start, stages.count) {
            let call = shard.beginCall(stages[index].duty.name)
            let verdict = stages[index].module.authenticate(credentials, connection)
            guard case .later(let future) = verdict else {
                shard.endCall(call)
                if case .abstain = verdict { continue }
                decided(verdict, reply, by: stages[index].instance)
                return
            }
            shard.endPromising(call)
            let reply = reply.detached
            beginWaiting()
            shard.first(of: future, by: stages[index].duty, measurement: call.measurement) { [self] result in
                resume {
                    switch result {
                    case .success(.abstain): ask(credentials, reply, generation, from: index + 1)
                    // Never forgiven: who somebody is cannot be left open.
                    case .success(.later), .failure: failed(stages[index].instance, result, reply)
                    case .success(let verdict): decided(verdict, reply, by: stages[index].instance)
                    }
                }
            }
            return
        }
        rejected(.unsupportedCredentials, reply, by: "core")
    }

    private func decided(_ verdict: AuthVerdict, _ reply: ReplyTo, by module: String) {
        switch verdict {
        case .accepted(let principal): accepted(principal, reply)
        case .rejected(let reason): rejected(reason, reply, by: module)
        case .abstain, .later: rejected(.unsupportedCredentials, reply, by: "core")
        }
    }

    private func accepted(_ principal: Principal, _ reply: ReplyTo) {
        // It may have been revoked while the verdict was on its way; a pass over the sessions would not have found it here.
        guard !shard.generation.isRevoked(principal) else {
            rejected(.revoked, reply, by: "core")
            return
        }
        let old = connection.principal
        if let old, !old.userID.hasSameBytes(as: principal.userID) {
            refuse(Rejection(.differentUser, "The connection belongs to another user"), reply)
            close(.differentUser, code: 1008)
            return
        }
        core.connectionCounts.authenticated("accepted")
        connection.principal = principal
        principalChanged()
        auth.attempts = 0
        auth.hasNoticed = false
        auth.noticeAt = noticeDate(principal)
        limitMessages()
        self.reply(.authSuccess(reply, userID: principal.userID))
        handler.map { shard.deadlines.schedule($0, at: timing.next(self)) }
        guard old == nil else {
            for subscription in subscriptions.values { take(.reevaluate(subscription)) }
            return
        }
        // The reply may have been too much for a full queue: nobody authenticates after the end.
        guard case .no = closing else { return }
        shard.tell { $0.authenticated(connection) }
    }

    private func rejected(_ reason: Reason, _ reply: ReplyTo, by module: String) {
        core.refusals.note(module, reason, connection)
        core.connectionCounts.authenticated(reason.slug)
        self.reply(.authError(reply, reason))
        countAttempt()
    }

    /// The third bad token in a row closes the connection.
    private func countAttempt() {
        auth.attempts += 1
        if auth.attempts >= shard.settings.auth.maxAttempts { close(.tooManyAttempts, code: 1008) }
    }

    /// A client is told ahead only where its token lives longer than the notice.
    private func noticeDate(_ principal: Principal) -> Timestamp? {
        guard let expiresAt = principal.expiresAt else { return nil }
        let notice = shard.settings.auth.expiryNotice
        let lifetime = (principal.issuedAt ?? shard.time.timestamp).duration(to: expiresAt)
        guard notice > .zero, lifetime > notice else { return nil }
        return expiresAt.advanced(by: .zero - notice)
    }

    /// Whether the token has expired, past its leeway; closes the connection then.
    func isExpired() -> Bool {
        guard shard.time.timestamp.milliseconds > outbox.deliverableUntil else { return false }
        if case .no = closing { close(Rejection(.tokenExpired, "The token has expired"), code: 1008) }
        return true
    }
}
