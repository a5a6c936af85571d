import Foundation
import GatewayKit

/// JSON for the command line.
enum JSONText {
    /// A JSON string.
    static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    /// Whether the text is one JSON value by the gateway's own rules, which are stricter than Foundation's.
    static func isValid(_ text: String) -> Bool { JSONValue(json: Array(text.utf8)) != nil }

    /// Whether the text is one JSON value that may stand in a frame, whose own brackets are a level of depth.
    static func isValidMember(_ text: String) -> Bool {
        guard case .array(let values) = JSONValue(json: Array("[\(text)]".utf8)) else { return false }
        return values.count == 1
    }
}
