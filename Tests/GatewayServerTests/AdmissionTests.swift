import GatewayKit
import Testing

@testable import GatewayServer

struct AdmissionTests {
    private func admission(maxConnections: Int = 20_000) -> Admission {
        var settings = CoreSettings()
        settings.server.maxConnections = maxConnections
        return Admission(settings: settings)
    }

    private func address(_ text: String) throws -> ClientAddress { try #require(ClientAddress(text)) }

    @Test func `a 48 may have ten times as many waiting for a refusal as a 64`() throws {
        let admission = admission()
        for network in 0..<10 {
            let address = try address("2001:db8:1:\(network)::1")
            for _ in 0..<5 { #expect(admission.take(.refused, address, limit: 5)) }
            #expect(!admission.take(.refused, address, limit: 5))
        }
        #expect(!admission.take(.refused, try address("2001:db8:1:99::1"), limit: 5))
        #expect(admission.take(.refused, try address("2001:db8:2:99::1"), limit: 5))
        admission.release(.refused, try address("2001:db8:1:0::1"))
        #expect(admission.take(.refused, try address("2001:db8:1:99::1"), limit: 5))
    }

    @Test func `a refusal that is refused itself counts nowhere`() throws {
        let admission = admission()
        let address = try address("192.0.2.1")
        #expect(admission.take(.refused, address, limit: 1))
        for _ in 0..<3 { #expect(!admission.take(.refused, address, limit: 1)) }
        admission.release(.refused, address)
        #expect(admission.take(.refused, address, limit: 1))
    }

    @Test func `the process has a bound for all that wait for a refusal`() throws {
        let admission = admission()
        #expect(admission.maxWaiting == 2000)
        for number in 0..<2000 { #expect(admission.take(.refused, try address("10.0.\(number / 250).\(number % 250)"), limit: 5)) }
        #expect(!admission.take(.refused, try address("192.0.2.1"), limit: 5))
        // Other kinds have bounds of their own.
        #expect(admission.take(.http, try address("192.0.2.1"), limit: 5))
        admission.release(.refused, try address("10.0.0.0"))
        #expect(admission.take(.refused, try address("192.0.2.1"), limit: 5))
    }
}
