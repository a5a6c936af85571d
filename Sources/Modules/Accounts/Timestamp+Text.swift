import Foundation
import GatewayKit

extension Timestamp {
    /// The date as `2026-01-31T23:59:59.123Z`.
    var iso8601: String {
        // By parts, since a Double of both rounds.
        let (seconds, rest) = max(0, milliseconds).quotientAndRemainder(dividingBy: 1000)
        let date = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        let digits = String(rest)
        return "\(date.dropLast()).\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
    }
}
