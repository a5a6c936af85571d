import GatewayKit
import NIOCore
import NIOPosix
import NIOSSL

/// Where to listen.
package enum ListeningPlace: Sendable {
    /// A TCP port.
    case port(host: String, Int)
    /// A Unix socket that is bound already.
    case unixSocket(descriptor: CInt)
}

/// Opens a port or a Unix socket and gives each accepted connection to the shard of its event loop.
///
/// Whoever connects waits in the system's queue until ``open(_:)``: so a start knows that the port is its own before it starts any module.
enum Listener {
    static func bind(
        _ place: ListeningPlace, _ site: Site?, _ core: Core, group: MultiThreadedEventLoopGroup, shards: [NIOLoopBound<Shard>],
        tls: TLSContext? = nil
    ) async throws -> any Channel {
        let loops = core.eventLoops.map { ObjectIdentifier($0) }
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let index = loops.firstIndex(of: ObjectIdentifier(channel.eventLoop)) else {
                        throw ChannelError.ioOnClosedChannel
                    }
                    if case .port = place { try channel.syncOptions?.setOption(.socketOption(.tcp_nodelay), value: 1) }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context)) }
                    try serve(channel, shards[index].value, site)
                }
            }
        switch place {
        case .port(let host, let port):
            do {
                return try await bootstrap.bind(host: host, port: port).get()
            } catch {
                throw ListenFailure(host: host, port: port, of: site == nil ? "server" : "admin", error: error)
            }
        case .unixSocket(let descriptor): return try await bootstrap.withBoundSocket(descriptor).get()
        }
    }

    /// Hands a connection to the shard of its event loop.
    ///
    /// - Parameters:
    ///   - channel: The server's end.
    ///   - shard: Of the channel's loop, on which the call is made.
    ///   - site: What a listener of its own serves; nil for `server.port`, whose site a reload may change.
    ///   - peer: Where a client comes from that came by no network; nil for what the socket says.
    /// - Throws: NIO's error where the channel has gone.
    static func serve(_ channel: any Channel, _ shard: Shard, _ site: Site? = nil, peer: ClientAddress? = nil) throws {
        let allocator = ReadAllocator(buffers: NIOLoopBound(shard.readBuffers, eventLoop: channel.eventLoop))
        try channel.syncOptions?.setOption(.recvAllocator, value: allocator)
        try channel.pipeline.syncOperations.addHandler(SocketHandler(shard: shard, site: site, peer: peer))
    }

    /// Lets in who waits, and everybody who comes.
    static func open(_ listener: any Channel) async throws { try await listener.setOption(.autoRead, value: true).get() }
}
