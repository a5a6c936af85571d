import GatewayConfiguration
import GatewayKit
import GatewayServer

/// Which changes only a start can make: a reload refuses them by name.
enum StartOnlyRules {
    private static let paths = [
        ["server", "host"], ["server", "port"], ["server", "event_loops"], ["server", "tls"], ["admin"], ["log", "format"],
        ["pipeline", "pubsub"],
    ]

    /// Those of the changes that need a restart.
    ///
    /// - Parameters:
    ///   - changes: What a configuration changes.
    ///   - adapter: The name of the adapter that serves: it goes on over reloads, and so do its settings.
    /// - Returns: Them, in their order.
    static func restarts(_ changes: [ConfigurationChange], adapter: String?) -> [ConfigurationChange] {
        // What the core applies to every module may change, the adapter's own settings may not.
        let common = Set(CommonModuleSettings.fields.map(\.name))
        return changes.filter { change in
            if paths.contains(where: change.isUnder) { return true }
            guard let adapter, change.isUnder(["modules", adapter]) else { return false }
            return !(change.keys.count > 2 && common.contains(change.keys[2]))
        }
    }

    /// The finding about such a change.
    static func diagnostic(_ change: ConfigurationChange) -> Diagnostic {
        Diagnostic(
            .error, .needsRestart, "\(change.path) is read at the start alone: \(change.old ?? "nothing") → \(change.new ?? "nothing")",
            at: change.place, help: "start the gateway anew, or put the old value back")
    }
}
