import GatewayKit
import GatewayTestKit
import Testing

@testable import IPCapModule

struct AddressLedgerTests {
    private let clock = ManualClock()

    @Test func `counts are at zero and the table is empty after any sequence`() throws {
        let settings = "{max_connections: 4, connect_rate: 50/s, connect_burst: 50, max_connections_per_48: 9}"
        let limits = try limits(settings, maxTracked: 50)
        var generator = SystemRandomNumberGenerator()
        var ledger = AddressLedger()
        var open: [(address: ClientAddress, charge: AddressLedger.Charge)] = []
        var (shared, own) = (0, 0)
        for _ in 0..<20_000 {
            if Int.random(in: 0..<5, using: &generator) < 3 {
                let address = try randomAddress(of: 200, &generator)
                if case .counted(let charge) = ledger.admit(address, limits, now: clock.now) {
                    open.append((address, charge))
                    if charge == .own { own += 1 } else { shared += 1 }
                }
            } else if let index = open.indices.randomElement(using: &generator) {
                open.swapAt(index, open.count - 1)
                let gone = open.removeLast()
                ledger.release(gone.address, gone.charge)
            }
            if Int.random(in: 0..<10, using: &generator) == 0 { clock.advance(by: .milliseconds(1)) }
            #expect(ledger.tracked <= 50)
        }
        // Both kinds of counts were used.
        #expect(shared > 0 && own > 0)
        let addresses = Set(open.map(\.address))
        for address in addresses {
            let expected = open.count { $0.charge == .own && $0.address.group == address.group }
            #expect(ledger.connections(of: address) == expected)
        }
        for gone in open { ledger.release(gone.address, gone.charge) }
        #expect(ledger.sharedConnections == 0)
        #expect(addresses.allSatisfy { ledger.connections(of: $0) == 0 && ledger.connections(ofSite: $0) == 0 })
        for _ in 0..<1000 {
            clock.advance(by: .seconds(1))
            #expect(try charge(&ledger, "192.0.2.1", limits) == .own)
            ledger.release(try address("192.0.2.1"), .own)
        }
        #expect(ledger.tracked == 1)
    }

    @Test func `an IPv6 network is counted by its 64 bits`() throws {
        let limits = try limits("{max_connections: 2}")
        var ledger = AddressLedger()
        #expect(try charge(&ledger, "2001:db8:1:1::1", limits) == .own)
        #expect(try charge(&ledger, "2001:db8:1:1:ffff::2", limits) == .own)
        #expect(try ledger.admit(address("2001:db8:1:1:8000::3"), limits, now: clock.now) == .tooMany)
        #expect(try charge(&ledger, "2001:db8:1:2::1", limits) == .own)
    }

    @Test func `a site of many IPv6 networks is counted once more`() throws {
        let limits = try limits("{max_connections: 2, max_connections_per_48: 3}")
        var ledger = AddressLedger()
        for network in 1...3 { #expect(try charge(&ledger, "2001:db8:1:\(network)::1", limits) == .own) }
        #expect(try ledger.admit(address("2001:db8:1:4::1"), limits, now: clock.now) == .tooMany)
        // What the site refused counts nowhere.
        #expect(try ledger.connections(of: address("2001:db8:1:4::1")) == 0)
        #expect(try charge(&ledger, "2001:db8:2:4::1", limits) == .own)
        try ledger.release(address("2001:db8:1:1::1"), .own)
        #expect(try charge(&ledger, "2001:db8:1:4::1", limits) == .own)
    }

    @Test func `the first network of a site and the site are counted apart`() throws {
        let limits = try limits("{max_connections: 2, max_connections_per_48: 3}")
        var ledger = AddressLedger()
        #expect(try charge(&ledger, "2001:db8:1::1", limits) == .own)
        #expect(try charge(&ledger, "2001:db8:1::2", limits) == .own)
        #expect(try ledger.admit(address("2001:db8:1::3"), limits, now: clock.now) == .tooMany)
        #expect(try ledger.connections(ofSite: address("2001:db8:1::")) == 2)
    }

    @Test func `a site may connect ten times as fast as one of its networks`() throws {
        let limits = try limits("{connect_rate: 1/s, connect_burst: 1}")
        var ledger = AddressLedger()
        for network in 1...10 { #expect(try charge(&ledger, "2001:db8:1:\(network)::1", limits) == .own) }
        let refused = try ledger.admit(address("2001:db8:1:ff::1"), limits, now: clock.now)
        #expect(refused == .tooFast(retryAfter: .milliseconds(100)))
    }

    @Test func `newcomers share one count while the table is full, and known addresses keep theirs`() throws {
        let limits = try limits("{max_connections: 2}", maxTracked: 50)
        var ledger = AddressLedger()
        for index in 0..<50 { #expect(try charge(&ledger, numbered(index), limits) == .own) }
        #expect(try charge(&ledger, numbered(1000), limits) == .shared)
        #expect(try charge(&ledger, "2001:db8::1", limits) == .shared)
        #expect(try ledger.admit(address(numbered(1002)), limits, now: clock.now) == .tooMany)
        #expect(try charge(&ledger, numbered(7), limits) == .own)
    }

    @Test func `a slot goes back to the count that it was taken from`() throws {
        let limits = try limits("{max_connections: 2}", maxTracked: 50)
        var ledger = AddressLedger()
        for index in 0..<50 { #expect(try charge(&ledger, numbered(index), limits) == .own) }
        let newcomer = try address(numbered(5000))
        #expect(ledger.admit(newcomer, limits, now: clock.now) == .counted(.shared))
        for index in 0..<50 { try ledger.release(address(numbered(index)), .own) }
        clock.advance(by: .seconds(60))
        // There is room again: the same address gets a count of its own beside what it has in the shared one.
        #expect(ledger.admit(newcomer, limits, now: clock.now) == .counted(.own))
        ledger.release(newcomer, .shared)
        #expect(ledger.sharedConnections == 0)
        #expect(ledger.connections(of: newcomer) == 1)
    }

    @Test func `a scan from ever new addresses leaves nothing behind`() throws {
        let limits = try limits("{}", maxTracked: 1000)
        var ledger = AddressLedger()
        var most = 0
        for index in 0..<200_000 {
            let address = try #require(ClientAddress(bytes: withUnsafeBytes(of: UInt32(index).bigEndian) { [UInt8]($0) }))
            if case .counted(let charge) = ledger.admit(address, limits, now: clock.now) { ledger.release(address, charge) }
            most = max(most, ledger.tracked)
            clock.advance(by: .milliseconds(1))
        }
        // An entry is idle fifty turns after its connection.
        #expect(most < 100)
    }

    private func limits(_ text: String, maxTracked: Int? = nil) throws -> AddressLimits {
        var settings = try SettingsTester.settings(IPCapSettings.self, text)
        if let maxTracked { settings.maxTracked = maxTracked }
        return AddressLimits(settings)
    }

    private func address(_ text: String) throws -> ClientAddress { try #require(ClientAddress(text)) }

    private func numbered(_ index: Int) -> String { "10.0.\(index / 256).\(index % 256)" }

    private func charge(_ ledger: inout AddressLedger, _ text: String, _ limits: AddressLimits) throws -> AddressLedger.Charge? {
        guard case .counted(let charge) = ledger.admit(try address(text), limits, now: clock.now) else { return nil }
        return charge
    }

    private func randomAddress(of count: Int, _ generator: inout some RandomNumberGenerator) throws -> ClientAddress {
        let index = Int.random(in: 0..<count, using: &generator)
        return try address(index.isMultiple(of: 2) ? numbered(index) : "2001:db8:\(index % 40):\(index)::1")
    }
}
