import GatewayKit
import Testing

@Suite struct ConnectionIDTests {
    @Test func `an id is read from its text, and ordered as that`() {
        let ids = (0..<1000).map { _ in ConnectionID.random() }
        for id in ids { #expect(ConnectionID(id.description) == id) }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    }

    @Test(arguments: [
        "", "00000000-0000-4000-8000-00000000000", "00000000-0000-4000-8000-0000000000000", "00000000-0000-1000-8000-000000000000",
        "00000000-0000-4000-0000-000000000000", "0000000000000-4000-8000-000000000000", "g0000000-0000-4000-8000-000000000000",
        "00000000_0000_4000_8000_000000000000",
    ])
    func `what no id looks like is none`(text: String) { #expect(ConnectionID(text) == nil) }
}
