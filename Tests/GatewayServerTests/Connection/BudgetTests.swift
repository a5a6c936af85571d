import GatewayKit
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct BudgetTests {
    @Test(arguments: [true, false]) func `what an unfinished message held is given back when the connection ends`(closesFirst: Bool) throws
    {
        let tester = try SessionTester()
        let frame = ClientFrames.frame(0x82, Array(repeating: 9, count: 50_000))
        try tester.receive(Array(frame.prefix(30_000)))
        #expect(tester.core.budgets.inbound.count == 29_992)
        if closesFirst {
            tester.session.close(.tooManyErrors, code: 1008)
            #expect(tester.core.budgets.inbound.count == 0)
            // The first bytes of the peer's answer.
            try tester.receive(Array(ClientFrames.frame(0x88, [3, 232]).prefix(3)))
        }
        tester.session.ended()
        #expect(tester.core.budgets.inbound.count == 0)
    }
}
