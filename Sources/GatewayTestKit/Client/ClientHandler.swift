import NIOCore

/// The client's end of the socket: bytes in, ``Received`` out; answers pings and closes as a browser would.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let inbox: Inbox
    private let manners: TestClient.Manners
    private var buffer = ByteBuffer()
    private var responses = ResponseReader()
    private var frames = FrameReader()
    private var isUpgraded = false
    private var isOver = false

    init(inbox: Inbox, manners: TestClient.Manners) {
        self.inbox = inbox
        self.manners = manners
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        buffer.writeBuffer(&bytes)
        while !isOver, let received = next() {
            answer(received, context: context)
            inbox.put(received)
            if case .violation = received { end(.end, context: context) }
        }
        buffer.discardReadBytes()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
        end(.end, context: context)
    }

    func channelInactive(context: ChannelHandlerContext) { end(.end, context: context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.reset, context: context)
        context.close(promise: nil)
    }

    private func next() -> Received? {
        if isUpgraded { return frames.read(&buffer) }
        guard let response = responses.read(&buffer) else { return nil }
        isUpgraded = response.status == 101
        return .response(response)
    }

    private func answer(_ received: Received, context: ChannelHandlerContext) {
        switch received {
        case .ping(let payload) where manners.answersPings: send(TestFrame(opcode: 10, payload: payload), context)
        case .close(let code, _) where manners.answersCloses:
            send(code == 1005 ? TestFrame(opcode: 8) : .close(UInt16(clamping: code)), context)
        case .response, .text, .binary, .ping, .pong, .close, .end, .reset, .violation: break
        }
    }

    private func send(_ frame: TestFrame, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: frame.bytes)), promise: nil)
    }

    private func end(_ how: Received, context: ChannelHandlerContext) {
        guard !isOver else { return }
        isOver = true
        if !isUpgraded, let response = responses.read(&buffer, atEnd: true) { inbox.put(.response(response)) }
        inbox.put(how)
        if manners.closesAtEnd { context.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ClientHandler: Sendable {}
