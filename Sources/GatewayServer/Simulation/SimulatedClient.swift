import GatewayKit
import NIOCore

/// The client's end of a simulated connection: bytes as a client on the network would send and read them.
///
/// All on the event loop, as a client that is always in time: the deadlines of the core are for others.
final class SimulatedClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Answer = SimulationReport.Answer

    /// What the client sends, and in which stage it is looked at.
    struct Frame {
        let stage: Stage
        let text: ByteBuffer
    }

    /// How far the client came.
    struct Outcome: Sendable {
        var answers: [Answer]
        var end: Stage
        var isAllowed: Bool
    }

    private let head: String
    private let frames: [Frame]
    private let promise: EventLoopPromise<Outcome>
    private var next = 0
    private var isOpen = false
    private var isDone = false
    private var received = ByteBuffer()
    private var answers: [Answer] = []

    /// - Parameters:
    ///   - head: The upgrade request.
    ///   - frames: What to send, one after another, as long as it is let go on.
    ///   - promise: Gets what comes of it.
    init(_ head: String, _ frames: [Frame], _ promise: EventLoopPromise<Outcome>) {
        (self.head, self.frames, self.promise) = (head, frames, promise)
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(ByteBuffer(string: head)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        if !isOpen { readResponse(context) }
        while isOpen, !isDone, let answer = readFrame() { take(answer, context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { end(answers + [.ended]) }

    func handlerRemoved(context: ChannelHandlerContext) { end(answers + [.ended]) }

    // MARK: The conversation

    private func readResponse(_ context: ChannelHandlerContext) {
        guard let range = received.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let length = range.upperBound - received.readerIndex
        let lines = received.getString(at: received.readerIndex, length: length)?.split(separator: "\r\n") ?? []
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        guard status != 101 else {
            received.moveReaderIndex(forwardBy: length)
            isOpen = true
            send(context)
            return
        }
        // The connection may stay for another request, so the end is where the length says.
        let name = "content-length:"
        let value = lines.map { $0.lowercased() }.first { $0.hasPrefix(name) }?.dropFirst(name.count)
        let bodyLength = value.flatMap { Int($0.drop { $0 == " " }) } ?? 0
        guard received.readableBytes - length >= bodyLength else { return }
        received.moveReaderIndex(forwardBy: length)
        end([.response(status: status, body: received.readString(length: bodyLength) ?? "")])
    }

    /// Sends the next frame, and a ping: frames are answered one after another, so after the pong nothing is to come.
    private func send(_ context: ChannelHandlerContext) {
        guard next < frames.count else { return end(answers) }
        answers = []
        context.write(NIOAny(Self.frame(frames[next].text)), promise: nil)
        context.writeAndFlush(NIOAny(Self.frame(ByteBuffer(string: #"{"type":"ping"}"#))), promise: nil)
    }

    private func take(_ answer: Answer, _ context: ChannelHandlerContext) {
        guard case .frame(let text) = answer else { return end(answers + [answer]) }
        guard text.hasPrefix(#"{"type":"pong""#) else {
            answers.append(answer)
            return
        }
        if frames[next].stage == .auth, answers.first?.isSuccess != true { return end(answers) }
        guard next + 1 < frames.count else { return end(answers) }
        next += 1
        send(context)
    }

    private func end(_ answers: [Answer]) {
        guard !isDone else { return }
        isDone = true
        let end: Stage = isOpen ? frames[min(next, frames.count - 1)].stage : .handshake
        let isAllowed = isOpen && end == frames.last?.stage && answers.allSatisfy(\.isHarmless)
        promise.succeed(Outcome(answers: answers, end: end, isAllowed: isAllowed))
    }

    // MARK: Frames

    /// A text message, masked by zeros.
    private static func frame(_ text: ByteBuffer) -> ByteBuffer {
        var frame = ByteBuffer(bytes: [0x81])
        switch text.readableBytes {
        case ..<126: frame.writeInteger(UInt8(0x80) | UInt8(truncatingIfNeeded: text.readableBytes))
        case ...0xFFFF:
            frame.writeInteger(UInt8(0x80 | 126))
            frame.writeInteger(UInt16(truncatingIfNeeded: text.readableBytes))
        default:
            frame.writeInteger(UInt8(0x80 | 127))
            frame.writeInteger(UInt64(text.readableBytes))
        }
        frame.writeInteger(UInt32(0))
        frame.writeImmutableBuffer(text)
        return frame
    }

    /// Takes the next message or close frame out of what has come: a server neither masks nor fragments.
    private func readFrame() -> Answer? {
        while true {
            var rest = received
            guard let first: UInt8 = rest.readInteger(), let short: UInt8 = rest.readInteger() else { return nil }
            let length: Int? =
                switch short {
                case 126: rest.readInteger(as: UInt16.self).map { Int($0) }
                case 127: rest.readInteger(as: UInt64.self).flatMap { Int(exactly: $0) }
                default: Int(short)
                }
            guard let length, var payload = rest.readSlice(length: length) else { return nil }
            received = rest
            switch first & 15 {
            case FrameOpcode.text.rawValue: return .frame(String(buffer: payload))
            case FrameOpcode.close.rawValue:
                let code = payload.readInteger(as: UInt16.self).map { Int($0) } ?? 1005
                return .close(code: code, reason: String(buffer: payload))
            default: continue
            }
        }
    }
}

extension SimulationReport.Answer {
    fileprivate var isSuccess: Bool { if case .frame(let text) = self { text.hasPrefix(#"{"type":"auth_success""#) } else { false } }

    /// Whether it is a message that refuses nothing.
    fileprivate var isHarmless: Bool { if case .frame(let text) = self { !text.hasPrefix(#"{"type":"error""#) } else { false } }
}

@available(*, unavailable)
extension SimulatedClient: Sendable {}
@available(*, unavailable)
extension SimulatedClient.Frame: Sendable {}
