import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct StrikeTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `strikes count within the window and close at the limit`() {
        var strikes = Strikes()
        var closed: [Bool] = []
        for second in 0..<5 {
            strikes.endMessage()
            closed.append(strikes.add(.invalidJSON, now: start + .seconds(Int64(second)), max: 3, window: .seconds(3)))
        }
        #expect(closed == [false, false, true, true, true])
    }

    @Test func `strikes outside the window are forgotten`() {
        var strikes = Strikes()
        for second in 0..<50 {
            strikes.endMessage()
            let isTooMany = strikes.add(.forbidden, now: start + .seconds(Int64(second * 2)), max: 3, window: .seconds(3))
            #expect(!isTooMany)
        }
    }

    @Test func `one message strikes once for each reason, and rates once a second`() {
        var strikes = Strikes()
        _ = strikes.add(.forbidden, now: start, max: 3, window: .seconds(10))
        _ = strikes.add(.forbidden, now: start, max: 3, window: .seconds(10))
        strikes.endMessage()
        _ = strikes.add(.rateLimited, now: start, max: 3, window: .seconds(10))
        strikes.endMessage()
        let early = strikes.add(.rateLimited, now: start + .milliseconds(900), max: 3, window: .seconds(10))
        strikes.endMessage()
        let late = strikes.add(.rateLimited, now: start + .milliseconds(1100), max: 3, window: .seconds(10))
        #expect([early, late] == [false, true])
    }

    @Test(arguments: [Reason.draining, .overloaded, .brokerUnavailable, .differentUser, .internalError, .timeout])
    func `the gateway's own trouble is no strike`(reason: Reason) {
        var strikes = Strikes()
        let isTooMany = strikes.add(reason, now: start, max: 1, window: .seconds(10))
        #expect(!isTooMany)
    }
}
