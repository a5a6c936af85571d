import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import RateLimitModule

struct BucketTableTests {
    private let clock = ManualClock()
    private let limits: RateLimits

    init() throws { limits = RateLimits(try SettingsTester.settings(RateLimitSettings.self, "{rate: 10/s, burst: 10}")) }

    @Test func `a key has one pair of buckets as long as somebody holds it`() throws {
        let table = BucketTable<Int>()
        let held = try #require(table.buckets(of: 1, now: clock.now))
        for key in 2..<1000 { _ = table.buckets(of: key, now: clock.now) }
        #expect(table.buckets(of: 1, now: clock.now) === held)
    }

    @Test func `what is full again and held by nobody is forgotten`() {
        let table = BucketTable<Int>()
        for key in 0..<100_000 {
            _ = table.buckets(of: key, now: clock.now)?.take(1, limits, now: clock.now)
            clock.advance(by: .milliseconds(10))
        }
        // A bucket is full again after ten of these turns.
        #expect(table.count < 20)
    }

    @Test func `what is not full again stays`() {
        let table = BucketTable<Int>()
        for key in 0..<1000 { _ = table.buckets(of: key, now: clock.now)?.take(1, limits, now: clock.now) }
        #expect(table.count == 1000)
    }

    @Test func `a full table has no more buckets, and has again when some were forgotten`() {
        let table = BucketTable<Int>(limit: 100)
        for key in 0..<100 { _ = table.buckets(of: key, now: clock.now)?.take(1, limits, now: clock.now) }
        #expect(table.buckets(of: 100, now: clock.now) == nil)
        #expect(table.buckets(of: 99, now: clock.now) != nil)
        clock.advance(by: .seconds(1))
        #expect(table.buckets(of: 100, now: clock.now) != nil)
    }

    @Test func `many threads together get the burst and no more`() async {
        let buckets = Buckets()
        let (limits, now) = (RateLimits(.init()), clock.now)
        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1000).count { _ in buckets.take(1, limits, now: now) == nil } }
            }
            return await group.reduce(0, +)
        }
        #expect(taken == 100)
    }
}
