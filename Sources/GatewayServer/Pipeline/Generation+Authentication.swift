import GatewayKit
import NIOCore

extension Generation {
    /// Runs the auth stage on credentials that came with a request: the first module that does not abstain decides.
    ///
    /// - Parameters:
    ///   - credentials: What came.
    ///   - connection: Stands for the request.
    ///   - shard: Of its loop, on which the call is made.
    ///   - start: The module to begin with.
    ///   - done: Called once, on the loop.
    func authenticate(
        _ credentials: Credentials, _ connection: Connection, _ shard: Shard, from start: Int = 0,
        _ done: @escaping (Result<Principal, HTTPRefusal>) -> Void
    ) {
        for index in start..<max(start, auth.count) {
            let call = shard.beginCall(auth[index].duty.name)
            let verdict = auth[index].module.authenticate(credentials, connection)
            guard case .later(let future) = verdict else {
                shard.endCall(call)
                if case .abstain = verdict { continue }
                return done(outcome(.success(verdict), auth[index].instance, connection, shard))
            }
            shard.endPromising(call)
            shard.first(of: future, by: auth[index].duty, measurement: call.measurement) { [self] result in
                if case .success(.abstain) = result {
                    authenticate(credentials, connection, shard, from: index + 1, done)
                } else {
                    done(outcome(result, auth[index].instance, connection, shard))
                }
            }
            return
        }
        shard.core.connectionCounts.authenticated(Reason.unsupportedCredentials.slug)
        done(.failure(.unauthorized(.bearer, .unsupportedCredentials)))
    }

    /// What a module said, counted.
    private func outcome(
        _ result: Result<AuthVerdict, any Error>, _ instance: String, _ connection: Connection, _ shard: Shard
    ) -> Result<Principal, HTTPRefusal> {
        switch result {
        // It may have been revoked while the verdict was on its way.
        case .success(.accepted(let principal)) where !isRevoked(principal):
            shard.core.connectionCounts.authenticated("accepted")
            return .success(principal)
        case .success(.accepted): return .failure(rejected(.revoked, instance, connection, shard))
        case .success(.rejected(let reason)): return .failure(rejected(reason, instance, connection, shard))
        case .success(.abstain), .success(.later), .failure:
            return .failure(shard.core.refusal(instance, result, connection))
        }
    }

    private func rejected(_ reason: Reason, _ instance: String, _ connection: Connection, _ shard: Shard) -> HTTPRefusal {
        shard.core.connectionCounts.authenticated(reason.slug)
        shard.core.refusals.note(instance, reason, connection)
        return .unauthorized(.bearer, reason)
    }
}
