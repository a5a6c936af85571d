import NIOCore

/// Who uses a connection.
protocol RedisReceiver: AnyObject {
    /// A message that was published.
    func received(_ message: RESPMessage)
    /// All else: answers in the order of the commands, and confirmations of subscriptions.
    func received(_ value: RESPValue)
    /// What was written during the turn goes out now.
    func willFlush()
    /// There is no connection any more, and nothing else will come of it.
    func closed(_ error: (any Error)?)
}

/// One connection: reads values, and sends what was written in a turn of its event loop with one write.
///
/// On its event loop only.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private weak var receiver: (any RedisReceiver)?
    private var context: ChannelHandlerContext?
    private var incoming = ByteBuffer()
    private var outgoing = ByteBuffer()
    private var isFlushScheduled = false
    private var isPaused = false
    private var isReading = false
    private var error: (any Error)?

    /// What has been read is moved to the front from here on.
    private static let maxRead = 256 << 10

    /// Says who hears of what comes.
    func begin(_ receiver: any RedisReceiver) { self.receiver = receiver }

    /// Writes commands; they go out at the end of the turn.
    func write(_ body: (inout ByteBuffer) -> Void) {
        body(&outgoing)
        guard !isFlushScheduled, let context else { return }
        isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.flush() }
    }

    /// Stops reading; Redis keeps what comes meanwhile, up to its own bound.
    func pause() {
        isPaused = true
        _ = context?.channel.setOption(.autoRead, value: false)
    }

    /// Goes on.
    func resume() {
        isPaused = false
        if !isReading { read() }
        guard !isPaused else { return }
        _ = context?.channel.setOption(.autoRead, value: true)
    }

    /// Closes; the receiver hears of it.
    ///
    /// - Parameter error: Why.
    func close(_ error: (any Error)?) {
        self.error = self.error ?? error
        context?.close(promise: nil)
    }

    /// Nobody hears anything of the connection any more.
    func forget() { receiver = nil }

    private func flush() {
        isFlushScheduled = false
        receiver?.willFlush()
        guard outgoing.readableBytes > 0, let context else { return }
        context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
        outgoing = ByteBuffer()
    }

    private func read() {
        isReading = true
        defer { isReading = false }
        do {
            while !isPaused, let element = try RESPReader.read(&incoming) {
                switch element {
                case .message(let message): receiver?.received(message)
                case .value(let value): receiver?.received(value)
                }
            }
        } catch {
            close(error)
        }
        if incoming.readableBytes == 0 {
            incoming = ByteBuffer()
        } else if incoming.readerIndex > Self.maxRead {
            incoming.discardReadBytes()
        }
    }

    // MARK: ChannelInboundHandler

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if incoming.readableBytes == 0 { incoming = bytes } else { incoming.writeImmutableBuffer(bytes) }
        read()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(error) }

    func channelInactive(context: ChannelHandlerContext) {
        let receiver = receiver
        forget()
        receiver?.closed(error)
    }
}

@available(*, unavailable)
extension RedisConnection: Sendable {}
