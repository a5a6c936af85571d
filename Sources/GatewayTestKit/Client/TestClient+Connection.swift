internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

extension TestClient {
    /// Asks for a WebSocket and does not wait for the answer.
    ///
    /// - Parameters:
    ///   - path: The path to ask for.
    ///   - headers: Header lines beside those that the upgrade needs; one of the same name takes their place, an empty value leaves it out.
    ///   - method: The method and version are the test's to break.
    ///   - version: The HTTP version.
    public func requestUpgrade(
        path: String = "/ws", headers: [(String, String)] = [], method: String = "GET", version: String = "HTTP/1.1"
    ) {
        let needed = [
            ("Host", "localhost"), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ].filter { name, _ in !headers.contains { $0.0.lowercased() == name.lowercased() } }
        let lines = (needed + headers.filter { !$0.1.isEmpty }).map { "\($0): \($1)\r\n" }
        sendRaw("\(method) \(path) \(version)\r\n\(lines.joined())\r\n")
    }

    /// Sends a close frame and waits until the server has answered and ended the stream.
    ///
    /// - Parameters:
    ///   - code: The close code.
    ///   - reason: The close reason.
    /// - Throws: ``TestClientError`` where no close frame comes back; data frames before it are skipped.
    public func close(_ code: UInt16 = 1000, reason: String = "") async throws {
        send(frame: .close(code, reason))
        while true {
            switch try await next(waitingFor: "the answer to a close") {
            case .close: return try await expectEnd()
            case .end: return
            case .text, .binary, .ping, .pong, .response: continue
            case let other: throw TestClientError.unexpected(other, wanted: "the answer to a close")
            }
        }
    }

    /// Ends the client's own stream (FIN) and goes on reading.
    public func halfClose() async throws { try await channel.close(mode: .output).get() }

    /// Drops the socket in order (FIN), without a close frame.
    public func drop() async { try? await channel.close().get() }

    /// Breaks the connection (RST).
    public func reset() async {
        let abrupt = linger(l_onoff: 1, l_linger: 0)
        try? await (channel as? any SocketOptionProvider)?.setSoLinger(abrupt).get()
        try? await channel.close().get()
    }

    /// Stops reading from the socket, so that the server's bytes pile up.
    public func pauseReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

    /// Reads from the socket again.
    public func resumeReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// The port that the client comes from.
    public var localPort: Int { channel.localAddress?.port ?? 0 }
}
