/// A date as frames carry it: `2026-01-31T23:59:59.123Z`, formatted again only when it changes.
package struct TimestampText {
    private var bytes = ContiguousArray<UInt8>("1970-01-01T00:00:00.000Z".utf8)
    private var shown: Timestamp?
    package static let length = 24

    package init() {}

    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { bytes.withUnsafeBytes(body) }

    package mutating func update(_ timestamp: Timestamp) {
        guard timestamp != shown else { return }
        let milliseconds = min(max(timestamp.milliseconds, 0), 253_402_300_799_999)
        let previous = (shown?.milliseconds ?? -1) / 1000
        if shown == nil || previous != milliseconds / 1000 { writeDate(milliseconds / 1000) }
        write(milliseconds % 1000, digits: 3, at: 20)
        shown = Timestamp(milliseconds: milliseconds)
    }

    /// Days to a civil date, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
    private mutating func writeDate(_ seconds: Int64) {
        let days = seconds / 86400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        write(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), digits: 4, at: 0)
        write(month, digits: 2, at: 5)
        write(dayOfYear - (153 * shifted + 2) / 5 + 1, digits: 2, at: 8)
        write(seconds % 86400 / 3600, digits: 2, at: 11)
        write(seconds % 3600 / 60, digits: 2, at: 14)
        write(seconds % 60, digits: 2, at: 17)
    }

    private mutating func write(_ number: Int64, digits: Int, at position: Int) {
        var rest = number
        for index in (position..<position + digits).reversed() {
            bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

extension Timestamp {
    /// The date as frames carry it: `2026-01-31T23:59:59.123Z`; clamped to the years 1970 to 9999.
    public var text: String {
        var text = TimestampText()
        text.update(self)
        return text.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
