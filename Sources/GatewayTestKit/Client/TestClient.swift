internal import GatewayKit
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A WebSocket client on a socket, with a frame codec of its own, that can also misbehave.
///
/// What arrives is kept in order until the test asks for it; see ``next(waitingFor:)`` and the `expect` methods. Any thread may
/// send; one task at a time may wait.
public final class TestClient: Sendable {
    /// What the client does by itself.
    public struct Manners: Sendable {
        /// Whether RFC 6455 pings are answered.
        public var answersPings = true
        /// Whether close frames are answered.
        public var answersCloses = true
        /// Whether the socket is closed once the server has ended the stream.
        public var closesAtEnd = true
        /// Whether the client reads from the start; see ``TestClient/resumeReading()``.
        public var reads = true
        /// The size of the kernel's receive buffer; nil leaves it to the system.
        public var receiveBuffer: Int?
        /// The address that the client comes from: over a network a loopback one, as `127.0.0.7`, in memory any.
        public var sourceAddress: String?
        /// The loopback address of the server.
        public var serverAddress = "127.0.0.1"
        /// The file of the certificate to trust; with it the client speaks TLS.
        public var trustedCertificate: String?
        /// How long one wait may take before the test fails.
        ///
        /// Generous: no verdict hangs on it.
        public var patience = Duration.seconds(40)

        /// What a well-behaved client does.
        public init() {}
    }

    let channel: any Channel
    let inbox: Inbox
    let manners: Manners

    private init(channel: any Channel, inbox: Inbox, manners: Manners) {
        self.channel = channel
        self.inbox = inbox
        self.manners = manners
    }

    /// Opens a socket to a port and asks for a WebSocket.
    ///
    /// - Parameters:
    ///   - port: The server's port.
    ///   - path: The path to ask for.
    ///   - headers: Header lines beside those that the upgrade needs.
    ///   - manners: What the client does by itself.
    /// - Returns: The client, after the 101.
    /// - Throws: ``TestClientError`` where the answer is no 101; NIO's error where the port does not answer.
    public static func connect(
        port: Int, path: String = "/ws", headers: [(String, String)] = [], manners: Manners = Manners()
    ) async throws -> TestClient {
        try await open(port: port, manners: manners).upgraded(path: path, headers: headers)
    }

    /// Asks for a WebSocket, and waits for the 101 where the client reads.
    func upgraded(path: String, headers: [(String, String)]) async throws -> TestClient {
        requestUpgrade(path: path, headers: headers)
        guard manners.reads else { return self }
        let response = try await response()
        guard response.status == 101 else {
            throw TestClientError.unexpected(.response(response), wanted: "101 Switching Protocols")
        }
        return self
    }

    /// Opens a socket and says nothing.
    ///
    /// - Parameters:
    ///   - port: The server's port.
    ///   - manners: What the client does by itself.
    /// - Returns: The open socket.
    /// - Throws: NIO's error where the port does not answer.
    public static func open(port: Int, manners: Manners = Manners()) async throws -> TestClient {
        let inbox = Inbox()
        var bootstrap = bootstrap(inbox, manners).channelOption(.socketOption(.tcp_nodelay), value: 1)
        if let size = manners.receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(clamping: size))
        }
        if let address = manners.sourceAddress {
            bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: address, port: 0))
        }
        let channel = try await bootstrap.connect(host: manners.serverAddress, port: port).get()
        return TestClient(channel: channel, inbox: inbox, manners: manners)
    }

    /// Takes over a socket that is connected to a gateway of this process, and says nothing.
    static func open(socket: CInt, manners: Manners) async throws -> TestClient {
        let inbox = Inbox()
        let channel = try await bootstrap(inbox, manners).withConnectedSocket(socket).get()
        return TestClient(channel: channel, inbox: inbox, manners: manners)
    }

    private static func bootstrap(_ inbox: Inbox, _ manners: Manners) -> ClientBootstrap {
        ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: manners.reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let file = manners.trustedCertificate {
                        try channel.pipeline.syncOperations.addHandler(secure(trusting: file))
                    }
                    try channel.pipeline.syncOperations.addHandler(ClientHandler(inbox: inbox, manners: manners))
                }
            }
    }

    private static func secure(trusting file: String) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(file)
        return try NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: "localhost")
    }

    /// Sends a text message.
    public func send(_ text: String) { send(frame: .text(text)) }

    /// Sends a JSON message.
    public func send(_ json: JSON) { send(json.text) }

    /// Sends a binary message.
    public func sendBinary(_ bytes: [UInt8]) { send(frame: TestFrame(opcode: 2, payload: bytes)) }

    /// Sends one frame, as wrong as it may be.
    public func send(frame: TestFrame) { sendRaw(frame.bytes) }

    /// Sends bytes as they are.
    public func sendRaw(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Sends text as it is: for HTTP by hand.
    public func sendRaw(_ text: String) { sendRaw(Array(text.utf8)) }

    /// Sends bytes and waits until the kernel has them.
    ///
    /// - Throws: NIO's error where the socket takes no more.
    public func deliverRaw(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }
}
