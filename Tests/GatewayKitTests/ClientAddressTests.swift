import GatewayKit
import NIOCore
import GatewayTestKit
import Testing

@Suite struct ClientAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::1", "0:0:0:0:0:0:0:1"),
        ("2001:db8::a:b", "2001:db8:0:0:0:0:a:b"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:0201", "192.0.2.1"),
    ])
    func `an address has one text`(_ text: String, _ shown: String) {
        #expect(ClientAddress(text)?.description == shown)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4:80", "[::1]", "::1%lo", "fe80::1%eth0", " 1.2.3.4", "1::2::3",
        "10.0.0.0/8",
    ])
    func `what is no address is none`(_ text: String) {
        #expect(ClientAddress(text) == nil)
    }

    @Test func `bytes are an address by their number`() {
        #expect(ClientAddress(bytes: [192, 0, 2, 1]) == ClientAddress("192.0.2.1"))
        #expect(ClientAddress(bytes: [UInt8](repeating: 0, count: 15) + [1]) == ClientAddress("::1"))
        #expect(ClientAddress(bytes: []) == nil && ClientAddress(bytes: [1, 2, 3, 4, 5]) == nil)
    }

    @Test func `a socket's address is the same`() throws {
        #expect(try ClientAddress(SocketAddress(ipAddress: "192.0.2.1", port: 99)) == ClientAddress("192.0.2.1"))
        #expect(try ClientAddress(SocketAddress(ipAddress: "2001:db8::1", port: 99)) == ClientAddress("2001:db8::1"))
        #expect(try ClientAddress(SocketAddress(unixDomainSocketPath: "/tmp/x")) == nil)
    }

    @Test func `limits count an address of four bytes by itself, and one of sixteen by its network`() {
        #expect(ClientAddress("192.0.2.1")?.group == ClientAddress("192.0.2.1"))
        #expect(ClientAddress("2001:db8:1:2:3:4:5:6")?.group == ClientAddress("2001:db8:1:2::"))
    }

    @Test(arguments: [
        ("192.0.2.255", 24, "192.0.2.0"), ("192.0.2.1", 0, "0.0.0.0"), ("192.0.2.1", 32, "192.0.2.1"), ("192.0.2.1", 99, "192.0.2.1"),
        ("192.0.2.1", -1, "0.0.0.0"), ("2001:db8:ffff::1", 33, "2001:db8:8000::"), ("2001:db8::1", 0, "::"),
        ("2001:db8::1", 128, "2001:db8::1"),
        ("2001:db8::ffff:1", 112, "2001:db8::ffff:0"), ("2001:db8:1:2:3:4:5:6", 48, "2001:db8:1::"),
    ])
    func `a prefix keeps the first bits`(_ text: String, _ length: Int, _ network: String) {
        #expect(ClientAddress(text)?.prefix(length) == ClientAddress(network))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "::1", false), ("::/0", "::1", true), ("::/0", "10.0.0.1", false), ("10.0.0.1", "10.0.0.1", true),
        ("10.0.0.1", "10.0.0.2", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("::1/128", "::1", true),
    ])
    func `a network has its addresses`(_ range: String, _ address: String, _ isInside: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(#require(ClientAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/a", "10.0.0/8",
        "10.0.0.0/٨",
    ])
    func `what is no network is none`(_ text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `random networks have the addresses whose first bits are theirs`() {
        var random = SeededRandom(seed: 9)
        for _ in 0..<5000 {
            let count = Bool.random(using: &random) ? 4 : 16
            let network = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let length = Int.random(in: 0...count * 8, using: &random)
            var bytes = network
            let flipped = Int.random(in: 0..<count * 8, using: &random)
            bytes[flipped / 8] ^= 0x80 >> UInt8(flipped % 8)
            guard let range = ClientAddress(bytes: network).flatMap({ AddressRange("\($0)/\(length)") }),
                let address = ClientAddress(bytes: bytes)
            else {
                Issue.record("\(network)")
                return
            }
            #expect(range.contains(address) == (flipped >= length), "\(range) \(address)")
        }
    }
}
