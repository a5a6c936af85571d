package import Logging
package import Foundation

/// How a log line looks.
package enum LogStyle: Sendable {
    /// For people, in colours or without.
    case text(hasColor: Bool)
    /// One JSON object a line, for machines.
    case json

    /// One event as a line, without its line feed.
    package func line(level: Logger.Level, message: String, metadata: Logger.Metadata, at date: Date) -> String {
        switch self {
        case .text(let hasColor): TextLine(hasColor: hasColor).text(level, message, metadata, date)
        case .json: JSONLine.text(level, message, metadata, date)
        }
    }
}

/// A log line for people: `12:00:00.123 info    listening on http://127.0.0.1:3000  module=…`.
private struct TextLine {
    let hasColor: Bool

    func text(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, _ date: Date) -> String {
        let time = String(LogTime.text(date).dropFirst("2000-01-01T".count).dropLast())
        let word = level.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
        let fields = metadata.sorted { $0.key < $1.key }.map { field in
            paint("\(field.key)=", 2) + Self.value(field.value)
        }
        let head = "\(paint(time, 2)) \(paint(word, Self.color(level))) \(TerminalText.escaped(message))"
        return fields.isEmpty ? head : head + "  " + fields.joined(separator: " ")
    }

    /// The value in quotes where it would not read as one word.
    private static func value(_ value: Logger.MetadataValue) -> String {
        let text = TerminalText.escaped(value.description)
        return text.isEmpty || text.contains(" ") ? "\"\(text)\"" : text
    }

    private func paint(_ text: String, _ color: Int) -> String { hasColor ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text }

    private static func color(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 2
        case .info: 32
        case .notice: 36
        case .warning: 33
        case .error, .critical: 31
        }
    }
}

/// A log line for machines: `time`, `level` and `message` first, then the fields by name.
private enum JSONLine {
    static func text(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, _ date: Date) -> String {
        var line = "{\"time\":\"\(LogTime.text(date))\",\"level\":\"\(level.rawValue)\",\"message\":\(quoted(message))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where !["time", "level", "message"].contains(key) {
            line += ",\(quoted(key)):\(json(value))"
        }
        return line + "}"
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value as any FixedWidthInteger): String(describing: value)
        case .stringConvertible(let value as Bool): String(value)
        case .stringConvertible(let value): quoted(value.description)
        case .array(let values): "[\(values.map(json).joined(separator: ","))]"
        case .dictionary(let fields):
            "{\(fields.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(json($0.value))" }.joined(separator: ","))}"
        }
    }

    /// A JSON string (RFC 8259, 7); what a terminal could trip over is escaped too.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// The time of a log line.
enum LogTime {
    /// RFC 3339 in UTC, with milliseconds: `2025-11-11T12:00:00.000Z`.
    static func text(_ date: Date) -> String { date.formatted(style) }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
