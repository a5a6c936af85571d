import GatewayKit
import NIOCore
import NIOPosix
import NIOSSL

/// Where Redis is, and how a connection is made.
struct RedisEndpoint: Sendable {
    let url: RedisURL
    let timeout: TimeAmount
    private let tls: NIOSSLContext?

    /// - Throws: ``ModuleError`` where the authorities cannot be read.
    init(_ settings: RedisSettings) throws(ModuleError) {
        url = settings.url
        timeout = settings.connectTimeout.timeAmount
        guard settings.url.isSecure else {
            tls = nil
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = settings.tlsAuthorities { configuration.trustRoots = .file(file.path) }
        do {
            tls = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ModuleError(
                "the authorities cannot be read: \(error)", help: "give a PEM file that this user may read", setting: "tls_authorities",
                code: .unreadableFile)
        }
    }

    /// Makes a connection, which belongs to the event loop.
    func connect(on eventLoop: any EventLoop) -> EventLoopFuture<NIOLoopBound<RedisConnection>> {
        ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(handler(tls)) }
                    try channel.pipeline.syncOperations.addHandler(RedisConnection())
                }
            }
            .connect(host: url.host, port: url.port)
            .flatMapThrowing { channel in
                NIOLoopBound(try channel.pipeline.syncOperations.handler(type: RedisConnection.self), eventLoop: channel.eventLoop)
            }
    }

    private func handler(_ tls: NIOSSLContext) throws -> NIOSSLClientHandler {
        // A certificate is checked against the address where there is no name (RFC 6125, 1.7.2).
        let isAddress = (try? SocketAddress(ipAddress: url.host, port: url.port)) != nil
        return try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : url.host)
    }
}
