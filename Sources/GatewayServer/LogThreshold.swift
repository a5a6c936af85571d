package import Logging
import Synchronization

/// How much is logged: one value for all loggers of the process, to be changed while it runs.
package final class LogThreshold: Sendable {
    private let index: Atomic<Int>

    package init(_ level: LogSettings.Level) { index = Atomic(Self.index(level)) }

    /// The least level that is logged.
    package var level: LogSettings.Level {
        get { LogSettings.Level.allCases[index.load(ordering: .relaxed)] }
        set { index.store(Self.index(newValue), ordering: .relaxed) }
    }

    /// The same for swift-log.
    package var loggerLevel: Logger.Level {
        switch level {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }

    private static func index(_ level: LogSettings.Level) -> Int { LogSettings.Level.allCases.firstIndex(of: level) ?? 0 }
}
