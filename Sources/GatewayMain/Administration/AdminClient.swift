import GatewayKit
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks the admin API of a running gateway by its Unix socket: one connection for each question.
struct AdminClient {
    /// The file of the socket: `admin.socket`.
    let socket: FilePath
    /// How long connecting and answering may take together.
    let patience: Duration

    init(socket: FilePath, patience: Duration = .seconds(5)) {
        self.socket = socket
        self.patience = patience
    }

    /// Asks one question.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path, with the query where it needs one.
    ///   - body: A JSON object; nil for none.
    /// - Returns: Whatever the gateway answers, refusals included.
    /// - Throws: ``AdminCallFailure`` where no answer comes.
    func call(_ method: GatewayKit.HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws(AdminCallFailure) -> AdminAnswer {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = eventLoop.makePromise(of: AdminAnswer.self)
        // Until the channel is there, nobody else fails it.
        let deadline = eventLoop.scheduleTask(in: patience.timeAmount) { promise.fail(AdminCallFailure.silent) }
        let connecting = ClientBootstrap(group: eventLoop)
            .connectTimeout(patience.timeAmount)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AdminAnswerReader(promise))
                }
            }
            .connect(unixDomainSocketPath: socket.path)
        connecting.whenComplete { [self] result in
            switch result {
            case .success(let channel): send(method, path, body, on: channel)
            case .failure(let error): promise.fail(AdminCallFailure(connecting: error))
            }
        }
        defer {
            deadline.cancel()
            connecting.whenSuccess { $0.close(promise: nil) }
        }
        do {
            return try await promise.futureResult.get()
        } catch {
            throw error as? AdminCallFailure ?? .broken
        }
    }

    private func send(_ method: GatewayKit.HTTPMethod, _ path: String, _ body: JSONValue?, on channel: any Channel) {
        var text = ByteBuffer()
        var headers: HTTPHeaders = ["Host": "localhost", "Connection": "close"]
        if let body {
            text.writeJSON(body)
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: "\(text.readableBytes)")
        }
        let head = HTTPRequestHead(version: .http1_1, method: NIOHTTP1.HTTPMethod(rawValue: method.rawValue), uri: path, headers: headers)
        // A write that fails closes the channel, which the reader notices.
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if body != nil { channel.write(HTTPClientRequestPart.body(.byteBuffer(text)), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// What the admin API answered.
struct AdminAnswer: Sendable {
    /// The HTTP status.
    let status: Int
    /// The body.
    let json: JSONValue

    /// What stands under `data`; nil for a refusal.
    var data: JSONValue? { (200..<300).contains(status) ? json["data"] : nil }

    /// Why it was refused, in words; nil for a success.
    var refusal: String? {
        if (200..<300).contains(status) { return nil }
        let message = json["error"]?["message"]?.string.map { ": " + TerminalText.escaped($0) } ?? ""
        return "HTTP \(status)\(message)"
    }
}

extension JSONValue {
    /// A member of an object; nil where it is none, or has none of that name.
    subscript(name: String) -> JSONValue? { if case .object(let members) = self { members[name] } else { nil } }
}
