import Foundation
import NIOCore
import NIOPosix

/// Whatever listens on a Unix socket, for the time of a test.
func withSocket<Result>(_ manner: SocketManner, _ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString).sock").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Answering(manner)) }
        }
        .bind(unixDomainSocketPath: path).get()
    if case .dead = manner { try await server.close().get() }
    do {
        let result = try await body(path)
        try? await server.close().get()
        return result
    } catch {
        try? await server.close().get()
        throw error
    }
}

/// How it behaves.
enum SocketManner: Sendable {
    /// The file is there, and nobody listens.
    case dead
    /// It takes what comes and says nothing.
    case silent
    /// It answers this, whatever comes.
    case saying(String)
    /// It answers with a body of so many bytes.
    case long(Int)
    /// It hangs up.
    case closing

    /// It answers as a gateway that has closed so many connections.
    static func disconnected(_ count: Int) -> SocketManner {
        let body = #"{"success":true,"data":{"disconnected":\#(count)}}"#
        return .saying("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}

private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let manner: SocketManner
    init(_ manner: SocketManner) { self.manner = manner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch manner {
        case .dead, .silent: break
        case .saying(let text): context.channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        case .long(let count):
            var text = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n")
            text.writeRepeatingByte(UInt8(ascii: " "), count: count)
            context.channel.writeAndFlush(text, promise: nil)
        case .closing: context.close(promise: nil)
        }
    }
}
