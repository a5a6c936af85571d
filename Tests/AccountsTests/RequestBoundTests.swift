import GatewayKit
import Testing

@testable import AccountsModule

struct RequestBoundTests {
    private struct Failure: Error {}

    private func address(_ text: String) throws -> ClientAddress { try #require(ClientAddress(text)) }

    @Test func `room comes back, whatever the end`() async throws {
        let bound = RequestBound(limit: 1, share: 1)
        let address = try address("192.0.2.1")
        for _ in 0..<3 {
            #expect(try await bound.run(address) { 7 } == 7)
            await #expect(throws: Failure.self) { try await bound.run(address) { throw Failure() } }
        }
    }

    @Test func `an address has its share, and all have the limit`() async throws {
        let bound = RequestBound(limit: 3, share: 2)
        let (left, right) = (try address("192.0.2.1"), try address("192.0.2.2"))
        func refuses(_ address: ClientAddress) async -> Bool {
            await #expect(throws: (any Error).self) { try await bound.run(address) { () } } is HTTPRefusal
        }
        try await bound.run(left) {
            try await bound.run(left) {
                #expect(await refuses(left))
                try await bound.run(right) { #expect(await refuses(right)) }
                try await bound.run(right) { () }
            }
        }
    }
}
