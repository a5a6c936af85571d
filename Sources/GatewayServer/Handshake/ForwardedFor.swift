import GatewayKit

/// The client's address as trusted proxies tell it.
enum ForwardedFor {
    /// The right-most address of all X-Forwarded-For lines together that is no trusted proxy; the peer's where the header is unreadable.
    static func client(_ head: RequestHead, peer: ClientAddress, isTrusted: (ClientAddress) -> Bool) -> ClientAddress {
        let hops = head.headers.filter { $0.name == "x-forwarded-for" }.flatMap { $0.value.split(separator: ",") }
        for hop in hops.reversed() {
            guard let address = address(hop) else { return peer }
            if !isTrusted(address) { return address }
        }
        return peer
    }

    /// `192.0.2.1`, `192.0.2.1:1234`, `2001:db8::1`, `[2001:db8::1]:1234`.
    private static func address(_ text: Substring) -> ClientAddress? {
        let trimmed = text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
        let hop = String(trimmed)
        if let address = ClientAddress(hop) { return address }
        if hop.hasPrefix("["), let end = hop.firstIndex(of: "]") {
            return ClientAddress(String(hop[hop.index(after: hop.startIndex)..<end]))
        }
        guard let colon = hop.lastIndex(of: ":"), hop.firstIndex(of: ":") == colon else { return nil }
        return ClientAddress(String(hop[..<colon]))
    }
}
