import Glibc
import NIOCore
import Testing

@testable import GatewayServer

@Suite struct ListenFailureTests {
    @Test func `the system's words stand without the call that failed`() {
        let failure = ListenFailure(
            host: "127.0.0.1", port: 80, error: IOError(errnoCode: EADDRINUSE, reason: "bind(descriptor:ptr:bytes:)"))
        #expect(failure.description.hasPrefix("cannot listen on 127.0.0.1:80: Address already in use\nhelp: "))
    }

    @Test func `a name without an address is told as such`() throws {
        // No name has an empty label, so nobody is asked.
        let error = try #require(throws: (any Error).self) { try SocketAddress.makeAddressResolvingHost("a..b", port: 80) }
        let failure = ListenFailure(host: "a..b", port: 80, error: error)
        #expect(failure.description.hasPrefix("cannot listen on a..b:80: no address is known for 'a..b'\nhelp: "))
    }
}
