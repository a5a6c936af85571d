import Foundation
import GatewayKit
import Testing

@testable import GatewayKit

@Suite struct TimestampTextTests {
    private func text(_ milliseconds: Int64, after earlier: [Int64] = []) -> String {
        var text = TimestampText()
        for moment in earlier + [milliseconds] { text.update(Timestamp(milliseconds: moment)) }
        return text.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [0, 951_782_400_000, 1_709_164_799_999, 1_735_689_599_001, 4_102_444_800_000, 253_402_300_799_999] as [Int64])
    func `a date is written as ISO 8601 has it`(milliseconds: Int64) {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime]
        let seconds = formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds / 1000))).dropLast()
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        #expect(text(milliseconds) == "\(seconds).\(fraction)Z")
    }

    @Test func `a later date within the same second changes the fraction alone`() {
        #expect(text(1_735_689_599_999, after: [1_735_689_599_001]) == "2024-12-31T23:59:59.999Z")
    }

    @Test(arguments: [Int64.min, -1, Int64.max]) func `a date out of range is clamped`(milliseconds: Int64) {
        #expect(text(milliseconds).count == 24)
    }

    @Test func `every day of four centuries agrees with Foundation`() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for day in stride(from: Int64(0), to: 146_097, by: 37) {
            let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(day * 86400)))
            let wanted = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(text(day * 86_400_000).hasPrefix(wanted))
        }
    }
}
