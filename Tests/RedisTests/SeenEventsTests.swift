import Testing

@testable import RedisModule

struct SeenEventsTests {
    private func stamp(_ origin: UInt64, _ sequence: UInt64) -> Envelope.Stamp { Envelope.Stamp(origin: origin, sequence: sequence) }

    @Test func `an event is new once, and none that an origin sent before it`() {
        var seen = SeenEvents()
        #expect(seen.isNew(stamp(1, 1)) == true)
        #expect(seen.isNew(stamp(1, 1)) == false)
        #expect(seen.isNew(stamp(1, 5)) == true)
        #expect(seen.isNew(stamp(1, 4)) == false)
        #expect(seen.isNew(stamp(1, .max)) == true)
        #expect(seen.isNew(stamp(1, .max)) == false)
    }

    @Test func `origins are apart`() {
        var seen = SeenEvents()
        #expect(seen.isNew(stamp(1, 7)) == true)
        #expect(seen.isNew(stamp(2, 7)) == true)
        #expect(seen.isNew(stamp(1, 7)) == false)
        #expect(seen.isNew(stamp(2, 7)) == false)
    }

    @Test(arguments: [1, 2, 3, 10])
    func `the origins that were heard of last are known`(maxOrigins: Int) {
        var seen = SeenEvents(maxOrigins: maxOrigins)
        for origin in 0..<UInt64(10 * maxOrigins) {
            #expect(seen.isNew(stamp(origin, 1)) == true)
            for recent in (0...origin).suffix(maxOrigins) { #expect(seen.isNew(stamp(recent, 1)) == false, "\(recent) after \(origin)") }
        }
    }

    @Test func `who goes on sending is never forgotten`() {
        var seen = SeenEvents(maxOrigins: 2)
        for number in UInt64(1)...50 {
            #expect(seen.isNew(stamp(0, number)) == true)
            #expect(seen.isNew(stamp(number, 1)) == true)
            #expect(seen.isNew(stamp(0, number)) == false)
        }
    }
}
