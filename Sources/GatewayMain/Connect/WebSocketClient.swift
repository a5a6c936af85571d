import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Opens a WebSocket to a gateway.
struct WebSocketClient {
    typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    private enum Answer: Sendable {
        case webSocket(Frames)
        /// Anything but 101: the parts of the response follow.
        case refusal(NIOAsyncChannel<HTTPClientResponsePart, Never>)
    }

    /// A message of this size is as large as a gateway can be told to allow.
    private static let maxMessageSize = 512 << 20

    let url: ConnectURL
    /// A PEM file with the certificates to trust; nil for those of the system.
    let certificateAuthority: String?

    /// Connects and upgrades.
    ///
    /// - Throws: `CommandFailure` that says what to look at.
    func connect() async throws -> Frames {
        do {
            let tls = try url.isSecure ? tlsContext() : nil
            let answer = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(10))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: url.host, port: url.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try setUp(channel, tls) }
                }
            switch try await answer.get() {
            case .webSocket(let frames): return frames
            case .refusal(let parts): throw try await RefusedUpgrade(parts, url).failure
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw ConnectFailure(url: url, error: error).inWords
        }
    }

    private func tlsContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let certificateAuthority {
            guard FileManager.default.isReadableFile(atPath: certificateAuthority) else {
                throw CommandFailure("cannot read '\(TerminalText.escaped(certificateAuthority))'", help: "--ca takes a PEM file")
            }
            let certificates = (try? NIOSSLCertificate.fromPEMFile(certificateAuthority)) ?? []
            guard !certificates.isEmpty else {
                throw CommandFailure(
                    "'\(TerminalText.escaped(certificateAuthority))' holds no certificate", help: "--ca takes a PEM file")
            }
            configuration.trustRoots = .certificates(certificates)
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func setUp(_ channel: any Channel, _ tls: NIOSSLContext?) throws -> EventLoopFuture<Answer> {
        if let tls {
            // RFC 6066, 3: an address is no server name.
            let name = try? SocketAddress(ipAddress: url.host, port: 0)
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: tls, serverHostname: name == nil ? url.host : nil))
        }
        let upgrader = NIOTypedWebSocketClientUpgrader<Answer>(maxFrameSize: Self.maxMessageSize) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1_000_000, maxAccumulatedFrameSize: Self.maxMessageSize))
                return .webSocket(try Frames(wrappingChannelSynchronously: channel))
            }
        }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: ["Host": url.authority])
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration(upgradeRequestHead: head, upgraders: [upgrader]) { channel in
            channel.eventLoop.makeCompletedFuture { .refusal(try NIOAsyncChannel(wrappingChannelSynchronously: channel)) }
        }
        var configuration = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        // The gateway may speak first, right behind the 101.
        configuration.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: configuration)
    }
}
