import GatewayKit
import NIOCore
import NIOPosix
import NIOSSL

/// Opens the port and gives each accepted socket to the shard of its event loop.
enum Listener {
    static func bind(_ core: Core, group: MultiThreadedEventLoopGroup, shards: [NIOLoopBound<Shard>]) async throws -> any Channel {
        let server = core.settings.server
        let loops = core.eventLoops.map { ObjectIdentifier($0) }
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let index = loops.firstIndex(of: ObjectIdentifier(channel.eventLoop)) else {
                        throw ChannelError.ioOnClosedChannel
                    }
                    let shard = shards[index].value
                    let allocator = ReadAllocator(buffers: NIOLoopBound(shard.readBuffers, eventLoop: channel.eventLoop))
                    try channel.syncOptions?.setOption(.recvAllocator, value: allocator)
                    if let tls = core.tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context)) }
                    try channel.pipeline.syncOperations.addHandler(SocketHandler(shard: shard))
                }
            }
        do {
            return try await bootstrap.bind(host: server.host, port: server.port).get()
        } catch {
            throw ListenFailure(host: server.host, port: server.port, error: error)
        }
    }
}
