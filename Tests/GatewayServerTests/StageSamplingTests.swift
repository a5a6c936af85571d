import GatewayKit
import Logging
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct StageSamplingTests {
    private let times = StageTimes()

    @Test func `one in 256 is measured`() {
        let measured = (1...1024).filter { _ in times.sampledCommand() != nil }
        #expect(measured == [256, 512, 768, 1024])
    }

    @Test func `so is the first of each kind after a tick`() {
        _ = times.sampledCommand()
        times.tick(.now(), Logger(label: "test"))
        #expect(times.sampledCommand() != nil)
        #expect(times.sampledMessage() != nil)
        #expect(times.sampledDelivery() != nil)
        #expect(times.sampledAdapterCall() != nil)
        #expect(times.sampledFilter() != nil)
        #expect(times.sampledCommand() == nil)
    }
}
