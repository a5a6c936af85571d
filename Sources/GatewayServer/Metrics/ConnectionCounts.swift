import GatewayKit
import Synchronization

/// How tokens were answered and why connections closed: counted a few times a connection, behind one lock.
final class ConnectionCounts: Sendable {
    struct Closing: Hashable, Sendable {
        let code: String
        let reason: String
    }
    struct Contents: Sendable {
        var auth: [String: Int] = [:]
        var closed: [Closing: Int] = [:]
    }

    private let contents = Mutex(Contents())
    /// Reasons of modules could be without number; beyond this many they count as `other`.
    private static let maxKeys = 500

    /// Everything so far.
    var all: Contents { contents.withLock { $0 } }

    /// A token was checked.
    func authenticated(_ result: String) {
        contents.withLock { contents in
            let isKnown = contents.auth[result] != nil || contents.auth.count < Self.maxKeys
            contents.auth[isKnown ? result : "other", default: 0] += 1
        }
    }

    /// A connection has closed.
    ///
    /// - Parameters:
    ///   - code: The close code; 1006 where there was no close frame.
    ///   - reason: The slug of the reason.
    func closed(_ code: UInt16, _ reason: String) {
        // Applications have two thousand codes to themselves.
        let code = (1000...1015).contains(code) ? String(code) : "other"
        contents.withLock { contents in
            let key = Closing(code: code, reason: reason)
            let isKnown = contents.closed[key] != nil || contents.closed.count < Self.maxKeys
            contents.closed[isKnown ? key : Closing(code: code, reason: "other"), default: 0] += 1
        }
    }
}
