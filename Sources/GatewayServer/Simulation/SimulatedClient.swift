import GatewayKit
import NIOCore

/// The client's end of a simulated connection: bytes as a client on the network would send and read them.
struct SimulatedClient {
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received = ByteBuffer()

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Asks for a WebSocket.
    ///
    /// - Returns: Nil where it is there, else the answer.
    mutating func upgrade(_ path: String, _ headers: [(name: String, value: String)]) async throws -> SimulationReport.Answer? {
        var lines = ["GET \(path) HTTP/1.1"]
        if !headers.contains(where: { $0.name.lowercased() == "host" }) { lines.append("Host: localhost") }
        // The key of RFC 6455, 1.3.
        lines += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        lines += headers.map { "\($0.name): \($0.value)" }
        try await outbound.write(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n"))
        guard let head = try await head() else { return .ended }
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        guard status != 101 else { return nil }
        // The connection may stay for another request.
        let length = Self.contentLength(head)
        while received.readableBytes < length, try await read() {}
        return .response(status: status, body: received.readString(length: min(length, received.readableBytes)) ?? "")
    }

    private static func contentLength(_ head: String) -> Int {
        let lines = head.split(separator: "\r\n").map { $0.lowercased() }
        let value = lines.first { $0.hasPrefix("content-length:") }?.dropFirst("content-length:".count)
        return value.flatMap { Int($0.drop { $0 == " " }) } ?? 0
    }

    /// Sends a text message, masked by zeros.
    func send(_ text: ByteBuffer) async {
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
        // Where the server has closed, what it said before is what counts.
        try? await outbound.write(frame)
    }

    /// The next message or close frame; ``SimulationReport/Answer/ended`` where nothing comes any more.
    mutating func answer() async throws -> SimulationReport.Answer {
        while true {
            if let frame = frame() {
                switch frame.opcode {
                case FrameOpcode.text.rawValue: return .frame(String(buffer: frame.payload))
                case FrameOpcode.close.rawValue:
                    var payload = frame.payload
                    let code = payload.readInteger(as: UInt16.self).map { Int($0) } ?? 1005
                    return .close(code: code, reason: String(buffer: payload))
                default: continue
                }
            }
            guard try await read() else { return .ended }
        }
    }

    /// Takes a whole frame out of what has come: a server neither masks nor fragments.
    private mutating func frame() -> (opcode: UInt8, payload: ByteBuffer)? {
        var rest = received
        guard let first: UInt8 = rest.readInteger(), let short: UInt8 = rest.readInteger() else { return nil }
        let length: Int? =
            switch short {
            case 126: rest.readInteger(as: UInt16.self).map { Int($0) }
            case 127: rest.readInteger(as: UInt64.self).flatMap { Int(exactly: $0) }
            default: Int(short)
            }
        guard let length, let payload = rest.readSlice(length: length) else { return nil }
        received = rest
        return (first & 15, payload)
    }

    /// The response up to its empty line.
    private mutating func head() async throws -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.readableBytesView.firstRange(of: end) {
                let head = received.readString(length: range.upperBound - received.readerIndex)
                return head
            }
            guard try await read() else { return nil }
        }
    }

    private mutating func read() async throws -> Bool {
        guard var bytes = try await inbound.next() else { return false }
        received.writeBuffer(&bytes)
        return true
    }
}

@available(*, unavailable)
extension SimulatedClient: Sendable {}
