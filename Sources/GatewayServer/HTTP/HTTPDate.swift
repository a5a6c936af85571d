import GatewayKit

/// A date as HTTP carries it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ timestamp: Timestamp) -> String {
        let text = timestamp.text
        // 2026-01-31T23:59:59.123Z: fixed places, digits alone.
        let seconds = min(max(timestamp.milliseconds, 0), 253_402_300_799_999) / 1000
        let day = days[Int(seconds / 86400 % 7)]
        let pieces = text.split { $0 == "-" || $0 == "T" || $0 == "." }
        guard pieces.count == 5, let number = Int(pieces[1]), months.indices.contains(number - 1) else { return text }
        return "\(day), \(pieces[2]) \(months[number - 1]) \(pieces[0]) \(pieces[3]) GMT"
    }
}
