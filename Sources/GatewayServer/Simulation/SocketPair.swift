import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Two sockets of this process that are connected to each other, and to nothing else.
struct SocketPair {
    let server: NIOBSDSocket.Handle
    let client: NIOBSDSocket.Handle

    /// - Throws: What the system says.
    init() throws {
        #if canImport(Glibc)
        let type = Int32(SOCK_STREAM.rawValue)
        #else
        let type = Int32(SOCK_STREAM)
        #endif
        var descriptors: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, type, 0, &descriptors) == 0 else { throw IOError(errnoCode: errno, reason: "socketpair") }
        (server, client) = (descriptors[0], descriptors[1])
    }

    /// A channel at either end.
    ///
    /// - Parameters:
    ///   - eventLoop: The loop of both.
    ///   - setUpServer: Adds the handlers of the server's end.
    ///   - setUpClient: Adds those of the client's end.
    /// - Returns: The client's end.
    /// - Throws: NIO's error where a socket cannot be used; what is open ends with the loop.
    func connect(
        on eventLoop: any EventLoop, server setUpServer: @escaping @Sendable (any Channel) throws -> Void,
        client setUpClient: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> any Channel {
        let bootstrap = ClientBootstrap(group: eventLoop).channelOption(.allowRemoteHalfClosure, value: true)
        let served = bootstrap.channelOption(.maxMessagesPerRead, value: 1).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try setUpServer(channel) }
        }
        let met = ClientBootstrap(group: eventLoop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try setUpClient(channel) }
        }
        // Both at once: the clocks of the server's end run from here on.
        async let far = served.withConnectedSocket(server).get()
        let near = try await met.withConnectedSocket(client).get()
        _ = try await far
        return near
    }
}
