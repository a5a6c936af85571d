import Foundation
import GatewayKit

/// Dates of the admin API: RFC 3339 in UTC.
enum DateText {
    /// Reads a date with or without fractions of a second; nil where it is none.
    static func timestamp(_ text: String) -> Timestamp? {
        for style in [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)] {
            if let date = try? Date(text, strategy: style) { return Timestamp(seconds: date.timeIntervalSince1970) }
        }
        return nil
    }
}
