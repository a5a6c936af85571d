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
    ///   - setUp: Adds the handlers of the server's end.
    /// - Returns: The client's end.
    /// - Throws: NIO's error where a socket cannot be used; both are closed then.
    func connect(
        on eventLoop: any EventLoop, setUp: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let bootstrap = ClientBootstrap(group: eventLoop).channelOption(.allowRemoteHalfClosure, value: true)
        let served = bootstrap.channelOption(.maxMessagesPerRead, value: 1).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try setUp(channel) }
        }
        do {
            _ = try await served.withConnectedSocket(server).get()
        } catch {
            close(client)
            throw error
        }
        return try await ClientBootstrap(group: eventLoop).withConnectedSocket(client) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }
}
