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
            switch auth[index].module.authenticate(credentials, connection) {
            case .abstain: continue
            case .accepted(let principal): return done(.success(principal))
            case .rejected(let reason): return done(.failure(.unauthorized(.bearer, reason)))
            case .later(let future):
                shard.first(of: future, within: auth[index].common.laterTimeout) { [self] result in
                    switch result {
                    case .success(.abstain): authenticate(credentials, connection, shard, from: index + 1, done)
                    // It may have been revoked while the verdict was on its way.
                    case .success(.accepted(let principal)):
                        done(isRevoked(principal) ? .failure(.unauthorized(.bearer, .revoked)) : .success(principal))
                    case .success(.rejected(let reason)): done(.failure(.unauthorized(.bearer, reason)))
                    case .success(.later), .failure: done(.failure(HTTPRefusal(status: 503, .timeout, "The decision did not come in time")))
                    }
                }
                return
            }
        }
        done(.failure(.unauthorized(.bearer, .unsupportedCredentials)))
    }
}
