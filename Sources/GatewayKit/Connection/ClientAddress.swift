public import NIOCore

/// An IP address, as its bytes; an IPv4 address mapped into IPv6 is the IPv4 address.
public struct ClientAddress: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    /// Whether it is an IPv6 address.
    public let isIPv6: Bool

    private init(high: UInt64, low: UInt64, isIPv6: Bool) {
        self.high = high
        self.low = low
        self.isIPv6 = isIPv6
    }

    /// The IPv4 address of four bytes or the IPv6 address of sixteen; nil for another count.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4:
            self.init(high: 0, low: bytes.reduce(0) { $0 << 8 | UInt64($1) }, isIPv6: false)
        case 16:
            let high = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let low = bytes[8...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let isMapped = high == 0 && low >> 32 == 0xFFFF
            self.init(high: high, low: isMapped ? low & 0xFFFF_FFFF : low, isIPv6: !isMapped)
        default: return nil
        }
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; no host names, no ports, no zones.
    public init?(_ text: String) {
        // A zone is an interface of this machine, so it says nothing about a client.
        guard text.utf8.count <= 45, !text.utf8.contains(UInt8(ascii: "%")) else { return nil }
        guard let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    /// The address of a peer; nil for a Unix socket.
    public init?(_ address: SocketAddress) {
        // The address lies at byte 4 of a sockaddr_in and at byte 8 of a sockaddr_in6.
        let place: Range<Int>
        switch address {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        case .unixDomainSocket: return nil
        }
        self.init(
            bytes: address.withSockAddr { socketAddress, size in
                let bytes = UnsafeRawBufferPointer(start: socketAddress, count: size)
                return size >= place.upperBound ? Array(bytes[place]) : []
            })
    }

    /// The first `length` bits: the network that the address belongs to.
    ///
    /// A length beyond the address is the address itself.
    public func prefix(_ length: Int) -> ClientAddress {
        guard isIPv6 else {
            let kept = max(0, min(32, length))
            return ClientAddress(high: 0, low: low & ~(UInt64(1) << (32 - UInt64(kept)) &- 1), isIPv6: false)
        }
        let kept = max(0, min(128, length))
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits)) }
        return ClientAddress(high: high & mask(kept), low: low & mask(kept - 64), isIPv6: true)
    }

    /// Whether it is this machine: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool { isIPv6 ? high == 0 && low == 1 : low >> 24 == 127 }

    /// What limits per client count: the address itself for IPv4, the /64 for IPv6, where one customer has at least that much.
    public var group: ClientAddress { isIPv6 ? prefix(64) : self }
}

extension ClientAddress: CustomStringConvertible {
    /// The usual text of the address; IPv6 in full groups without compression of zeros beyond leading ones.
    public var description: String {
        guard isIPv6 else {
            return [24, 16, 8, 0].map { String(low >> UInt64($0) & 255) }.joined(separator: ".")
        }
        return [high, low].flatMap { word in [48, 32, 16, 0].map { String(word >> UInt64($0) & 0xFFFF, radix: 16) } }
            .joined(separator: ":")
    }
}

/// A network in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let network: ClientAddress
    private let length: Int

    /// Reads CIDR notation; bits beyond the prefix are ignored.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = ClientAddress(String(parts[0])) else { return nil }
        let bits = address.isIPv6 ? 128 : 32
        guard parts.count == 2 else {
            (network, length) = (address, bits)
            return
        }
        guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]) else { return nil }
        guard (0...bits).contains(length) else { return nil }
        self.network = address.prefix(length)
        self.length = length
    }

    /// Whether the address lies in the network.
    public func contains(_ address: ClientAddress) -> Bool {
        address.isIPv6 == network.isIPv6 && address.prefix(length) == network
    }

    /// CIDR notation.
    public var description: String { "\(network)/\(length)" }
}
