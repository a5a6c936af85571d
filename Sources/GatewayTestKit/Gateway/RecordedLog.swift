public import Logging
private import Synchronization

/// Keeps log lines for a test to look at.
public final class RecordedLog: Sendable {
    /// One line.
    public struct Line: Sendable {
        /// How grave it is, as swift-log names it.
        public let level: String
        /// The text.
        public let message: String
        /// The fields.
        public let fields: [String: String]
    }

    private let recorded = Mutex<[Line]>([])

    /// An empty log.
    public init() {}

    /// The lines so far.
    public var lines: [Line] { recorded.withLock { $0 } }

    /// Every line with its fields as one text, for a search for what must not be there.
    public var text: String {
        lines.map { line in "\(line.level) \(line.message) \(line.fields.map { "\($0)=\($1)" }.sorted().joined(separator: " "))" }
            .joined(separator: "\n")
    }

    /// A logger that writes here.
    ///
    /// - Parameter level: What is grave enough.
    /// - Returns: The logger.
    public func logger(level: Logger.Level = .debug) -> Logger {
        Logger(label: "test") { _ in Handler(log: self, logLevel: level) }
    }

    private func add(_ line: Line) { recorded.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }.mapValues(\.description)
            log.add(Line(level: event.level.rawValue, message: event.message.description, fields: fields))
        }
    }
}
