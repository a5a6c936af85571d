import GatewayKit
import NIOCore
import NIOHTTP1

/// Reads the one answer of a connection to the admin socket.
final class AdminAnswerReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    /// Far above whatever a verb asks for; what is longer comes from something else.
    private static let maxBytes = 8 << 20

    private let promise: EventLoopPromise<AdminAnswer>
    private var status = 0
    private var body = ByteBuffer()

    init(_ promise: EventLoopPromise<AdminAnswer>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(var slice):
            guard body.readableBytes + slice.readableBytes <= Self.maxBytes else { return fail(context) }
            body.writeBuffer(&slice)
        case .end:
            // What is no gateway may answer without a body: its status says enough. The routes that verbs ask answer JSON.
            guard body.readableBytes > 0 else { return promise.succeed(AdminAnswer(status: status, json: .null)) }
            guard let json = JSONValue(json: Array(body.readableBytesView)) else { return fail(context) }
            promise.succeed(AdminAnswer(status: status, json: json))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context) }

    func channelInactive(context: ChannelHandlerContext) { fail(context) }

    private func fail(_ context: ChannelHandlerContext) {
        // Only the first word counts: after an answer this is nothing.
        promise.fail(AdminCallFailure.broken)
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension AdminAnswerReader: Sendable {}
