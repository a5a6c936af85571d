import GatewayKit
import NIOCore
import Testing

struct TokenBucketTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test(arguments: [1, 3, 100, 12_345])
    func `a new bucket gives its burst and no more`(burst: Int) {
        var bucket = TokenBucket()
        let rate = TokenRate(Rate(50), burst: burst)
        for _ in 0..<burst { #expect(bucket.take(1, at: rate, now: start) == nil) }
        #expect(bucket.take(1, at: rate, now: start) == .milliseconds(20))
    }

    @Test func `tokens come back at the rate`() {
        var bucket = TokenBucket()
        let rate = TokenRate(Rate(120, per: .seconds(60)), burst: 1)
        #expect(bucket.take(1, at: rate, now: start) == nil)
        #expect(bucket.take(1, at: rate, now: start + .milliseconds(499)) == .milliseconds(1))
        #expect(bucket.take(1, at: rate, now: start + .milliseconds(500)) == nil)
    }

    @Test func `a refusal takes nothing`() {
        var bucket = TokenBucket()
        let rate = TokenRate(Rate(10), burst: 5)
        #expect(bucket.take(4, at: rate, now: start) == nil)
        let before = bucket
        #expect(bucket.take(2, at: rate, now: start) == .milliseconds(100))
        #expect(bucket == before)
        #expect(bucket.take(1, at: rate, now: start) == nil)
    }

    @Test func `what is larger than the burst passes when the bucket is full, and empties it`() {
        var bucket = TokenBucket()
        let rate = TokenRate(Rate(1000), burst: 1000)
        #expect(bucket.take(1, at: rate, now: start) == nil)
        #expect(bucket.take(5000, at: rate, now: start) == .milliseconds(1))
        #expect(bucket.take(5000, at: rate, now: start + .milliseconds(1)) == nil)
        #expect(bucket.wait(for: 1000, at: rate, now: start + .milliseconds(1)) == .seconds(1))
    }

    @Test func `a bucket is full again after its burst's time`() {
        var bucket = TokenBucket()
        #expect(bucket.isFull(now: start))
        _ = bucket.take(10, at: TokenRate(Rate(10), burst: 100), now: start)
        #expect(!bucket.isFull(now: start + .milliseconds(999)))
        #expect(bucket.isFull(now: start + .seconds(1)))
    }

    @Test func `tokens that were given back can be taken again`() {
        var bucket = TokenBucket()
        let rate = TokenRate(Rate(1), burst: 2)
        #expect(bucket.take(2, at: rate, now: start) == nil)
        bucket.giveBack(1, at: rate)
        #expect(bucket.take(1, at: rate, now: start) == nil)
        #expect(bucket.take(1, at: rate, now: start) == .seconds(1))
    }

    @Test func `nobody waits by a rule that is no longer in force`() {
        var bucket = TokenBucket()
        #expect(bucket.take(100, at: TokenRate(Rate(1, per: .seconds(3600)), burst: 100), now: start) == nil)
        #expect(bucket.wait(for: 1, at: TokenRate(Rate(50), burst: 100), now: start) == .milliseconds(20))
    }

    @Test func `time that goes back a little grants nothing`() {
        var bucket = TokenBucket()
        let rate = TokenRate(Rate(1), burst: 1)
        #expect(bucket.take(1, at: rate, now: start) == nil)
        #expect(bucket.take(1, at: rate, now: start - .microseconds(5)) == .seconds(1))
    }

    @Test(arguments: [(1_000_000_000, Int.max), (1, 1), (1, Int.max), (0, 0), (1_000_000_000, 1)], [0, 1, Int.max, -1, .min])
    func `no number overflows`(rule: (count: Int, burst: Int), tokens: Int) {
        let rate = TokenRate(Rate(rule.count, per: .seconds(3600)), burst: rule.burst)
        for fullAt in [Int64.min, 0, .max] {
            for now in [NIODeadline.uptimeNanoseconds(0), start, .distantFuture] {
                var bucket = TokenBucket(fullAt: fullAt)
                let wait = bucket.take(tokens, at: rate, now: now)
                bucket.giveBack(tokens, at: rate)
                #expect(wait.map { $0 > .zero } ?? true)
            }
        }
    }
}
