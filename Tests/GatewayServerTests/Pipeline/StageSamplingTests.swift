import GatewayKit
import Logging
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct StageSamplingTests {
    private let times = StageTimes()

    @Test func `one in 256 is measured`() {
        let measured = (1...1024).filter { _ in times.measuresCommand() }
        #expect(measured == [256, 512, 768, 1024])
    }

    @Test func `so is the first of each kind after a tick`() {
        _ = times.measuresCommand()
        times.tick(.now(), Logger(label: "test"))
        #expect(times.measuresCommand())
        #expect(times.measuresMessage())
        #expect(times.measuresDelivery())
        #expect(times.measuresPublish())
        #expect(times.measuresFilter())
        #expect(!times.measuresCommand())
    }
}
