import Glibc

/// A client on a socket that blocks, which allocates nothing while it is measured.
struct Peer {
    private let socket: CInt

    /// Asks for a WebSocket.
    init(socket: CInt) throws {
        self.socket = socket
        try send(
            Array(
                """
                GET /ws HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                \r\n
                """.utf8))
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) { head += try receive(1) }
        let status = String(decoding: head.prefix(12), as: UTF8.self)
        guard status == "HTTP/1.1 101" else { throw Failure(description: "the gateway answers: \(status)") }
    }

    /// A text message, masked by zeros.
    static func frame(_ text: String) -> [UInt8] {
        let payload = Array(text.utf8)
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)] : [0x80 | 126, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
        return [0x81] + length + [0, 0, 0, 0] + payload
    }

    /// Sends a message, and awaits an answer of a type.
    func ask(_ text: String, for type: String) throws {
        try send(Self.frame(text))
        let answer = try message().text
        guard answer.contains("\"type\":\"\(type)\"") else { throw Failure(description: "in place of \(type) comes \(answer)") }
    }

    /// Sends bytes, all of them.
    func send(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = write(socket, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard written > 0 else { throw Failure(description: "the gateway takes no more: errno \(errno)") }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Reads that many bytes.
    func receive(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try receive(into: &bytes, count)
        return bytes
    }

    /// Reads that many bytes, and keeps the last.
    func receive(into bytes: inout [UInt8], _ count: Int) throws {
        var rest = count
        try bytes.withUnsafeMutableBytes { bytes in
            while rest > 0 {
                let got = read(socket, bytes.baseAddress, min(rest, bytes.count))
                guard got > 0 else { throw Failure(description: "the gateway has closed the connection") }
                rest -= got
            }
        }
    }

    /// The payload of the next message, which is a short one or one of up to 64 KiB.
    func message() throws -> (text: String, frameLength: Int) {
        let head = try receive(2)
        guard head[1] >= 126 else { return (String(decoding: try receive(Int(head[1])), as: UTF8.self), 2 + Int(head[1])) }
        let length = try receive(2)
        let count = Int(length[0]) << 8 | Int(length[1])
        return (String(decoding: try receive(count), as: UTF8.self), 4 + count)
    }
}

/// Why there is nothing to measure.
struct Failure: Error, CustomStringConvertible {
    let description: String
}
