package import GatewayServer
package import Logging
private import Foundation

/// Writes log lines to standard error.
package struct GatewayLogHandler: LogHandler {
    /// The fields of every line.
    package var metadata: Logger.Metadata = [:]
    /// The least level that is written: this logger's own, or that of the process.
    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.loggerLevel }
        set { ownLevel = newValue }
    }
    /// Adds fields of the caller's task.
    package var metadataProvider: Logger.MetadataProvider?
    private var ownLevel: Logger.Level?
    private let threshold: LogThreshold
    private let style: LogStyle
    private let sink: LogSink

    package init(threshold: LogThreshold, style: LogStyle, sink: LogSink) {
        self.threshold = threshold
        self.style = style
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let given = event.metadata { fields.merge(given) { _, new in new } }
        if let error = event.error { fields["error"] = "\(error)" }
        sink.write(style.line(level: event.level, message: event.message.description, metadata: fields, at: Date()))
    }
}
