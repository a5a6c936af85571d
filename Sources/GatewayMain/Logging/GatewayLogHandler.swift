package import Logging
private import Foundation

/// Writes log lines to standard error.
package struct GatewayLogHandler: LogHandler {
    /// The fields of every line.
    package var metadata: Logger.Metadata = [:]
    /// The least level that is written.
    package var logLevel: Logger.Level
    /// Adds fields of the caller's task.
    package var metadataProvider: Logger.MetadataProvider?
    private let style: LogStyle
    private let sink: LogSink

    package init(level: Logger.Level, style: LogStyle, sink: LogSink) {
        logLevel = level
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
