import GatewayTestKit
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on a free port whose answers are the test's.
final class BackEndServer: Sendable {
    /// What came.
    struct Request: Sendable {
        var method = ""
        var path = ""
        var headers: [String: String] = [:]
        var body = ""

        var json: JSON { (try? JSON(parsing: body)) ?? .null }
    }

    /// What goes back.
    enum Reply: Sendable {
        /// A whole response.
        case status(Int, String = "", headers: [String] = [])
        /// Bytes as they are.
        case raw(String)
        /// Nothing until the test calls ``answer(_:)``.
        case wait
        /// The end of the connection.
        case hangUp

        static let allow = Reply.status(200, #"{"allow": true}"#)
    }

    private struct State {
        var requests: [Request] = []
        var waiting: [any Channel] = []
        var channels: [any Channel] = []
        var listener: (any Channel)?
        var port = 0
        var reply: @Sendable (Request) -> Reply
    }
    private let state: Mutex<State>

    private init(_ reply: @escaping @Sendable (Request) -> Reply) { state = Mutex(State(reply: reply)) }

    /// Runs `body` with a server.
    static func with(
        _ reply: @escaping @Sendable (Request) -> Reply = { _ in .allow }, _ body: (BackEndServer) async throws -> Void
    ) async throws {
        let server = BackEndServer(reply)
        try await server.start()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        try result.get()
    }

    /// Listens, on the port of before where there was one.
    func start() async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                state.withLock { $0.channels.append(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try channel.pipeline.syncOperations.addHandler(Handler(self))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        state.withLock { state in
            state.listener = listener
            state.port = listener.localAddress?.port ?? 0
        }
    }

    /// Answers no more, and closes what is open.
    func stop() async {
        let open = state.withLock { state in
            defer { (state.listener, state.channels, state.waiting) = (nil, [], []) }
            return [state.listener].compactMap(\.self) + state.channels
        }
        for channel in open { try? await channel.close().get() }
    }

    var port: Int { state.withLock { $0.port } }
    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
    /// What has come so far.
    var requests: [Request] { state.withLock { $0.requests } }
    /// How many wait for ``answer(_:)``.
    var waitingCount: Int { state.withLock { $0.waiting.count } }
    /// The bodies so far.
    var asked: [JSON] { requests.map(\.json) }

    /// Answers otherwise from now on.
    func reply(_ reply: @escaping @Sendable (Request) -> Reply) { state.withLock { $0.reply = reply } }

    /// Answers all that wait.
    func answer(_ reply: Reply) {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for channel in waiting { send(reply, to: channel) }
    }

    fileprivate func take(_ request: Request, from channel: any Channel) {
        let decide = state.withLock { state in
            state.requests.append(request)
            return state.reply
        }
        let reply = decide(request)
        if case .wait = reply { state.withLock { $0.waiting.append(channel) } }
        send(reply, to: channel)
    }

    private func send(_ reply: Reply, to channel: any Channel) {
        switch reply {
        case .status(let status, let body, let headers):
            let lines = ["HTTP/1.1 \(status) It", "Content-Length: \(body.utf8.count)"] + headers
            channel.writeAndFlush(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n" + body), promise: nil)
        case .raw(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        case .wait: break
        case .hangUp: channel.close(promise: nil)
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        private let server: BackEndServer
        private var request = Request()

        init(_ server: BackEndServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
                request = Request(method: head.method.rawValue, path: head.uri, headers: headers)
            case .body(let bytes): request.body += String(buffer: bytes)
            case .end: server.take(request, from: context.channel)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
