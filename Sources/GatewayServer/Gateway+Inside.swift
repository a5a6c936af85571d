package import GatewayKit
import NIOCore

extension Gateway {
    /// Lets a client of this process in, past the port: by a pair of sockets that are connected to each other and to nothing else.
    ///
    /// - Parameter address: Where the client is said to come from.
    /// - Returns: The client's end, which is the caller's to close.
    /// - Throws: What the system says where there is no socket to be had.
    package func letIn(from address: ClientAddress) async throws -> CInt {
        let pair = try SocketPair()
        let index = core.nextIndex()
        let shard = core.shard(index)
        try await pair.serve(on: core.eventLoops[index]) { channel in try Listener.serve(channel, shard.value, peer: address) }
        return pair.client
    }
}
