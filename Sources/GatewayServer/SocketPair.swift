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

    /// A channel at the server's end.
    ///
    /// - Parameters:
    ///   - eventLoop: Its loop.
    ///   - setUp: Adds the handlers.
    /// - Throws: NIO's error where the socket cannot be used; what is open ends with the loop.
    func serve(on eventLoop: any EventLoop, _ setUp: @escaping @Sendable (any Channel) throws -> Void) async throws {
        _ = try await ClientBootstrap(group: eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try setUp(channel) } }
            .withConnectedSocket(server).get()
    }

    /// A channel at the client's end.
    ///
    /// - Parameters:
    ///   - eventLoop: Its loop.
    ///   - setUp: Adds the handlers.
    /// - Returns: The channel.
    /// - Throws: NIO's error where the socket cannot be used.
    func meet(on eventLoop: any EventLoop, _ setUp: @escaping @Sendable (any Channel) throws -> Void) async throws -> any Channel {
        try await ClientBootstrap(group: eventLoop)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try setUp(channel) } }
            .withConnectedSocket(client).get()
    }
}
