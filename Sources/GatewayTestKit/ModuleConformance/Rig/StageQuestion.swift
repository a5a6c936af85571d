import GatewayKit
import NIOCore

/// What a module is asked in one of its stages.
enum StageQuestion: Sendable {
    case accept
    case handshake(UpgradeRequest)
    case auth(Credentials)
    case route(Command)
    case frame(FrameMessage)
    case deliver(Delivery, Backlog)
    /// A request to the module's route of that number.
    case http(Int, HTTPRequest)
    /// A request of an operator to the module's admin route of that number.
    case admin(Int, HTTPRequest)

    /// Whether a route answers it, off the event loops.
    var isRequest: Bool {
        switch self {
        case .http, .admin: true
        case .accept, .handshake, .auth, .route, .frame, .deliver: false
        }
    }

    /// The request and the route that answers it, which other settings may not make; nil for what no route is asked.
    func request(to crew: ModuleCrew) -> (request: HTTPRequest, route: HTTPRoute?)? {
        switch self {
        case .http(let index, let request): (request, crew.routes.dropFirst(index).first)
        case .admin(let index, let request): (request, crew.adminRoutes.dropFirst(index).first)
        case .accept, .handshake, .auth, .route, .frame, .deliver: nil
        }
    }
}

extension StageQuestion: CustomStringConvertible {
    /// The question in a few words, however long what came is.
    var description: String {
        switch self {
        case .accept: "accept"
        case .handshake(let request):
            "handshake of \(Self.shown(request.path))?\(Self.shown(request.query)) with \(Self.shown(request.headers))"
        case .auth(.token(let text)): "auth with the token \(Self.shown(text))"
        case .route(let command):
            "\(command.action.rawValue) \(Self.shown(command.pattern.description)) of \(command.byteCount) bytes"
                + (command.message.map { " with \(Self.shown(String(buffer: $0.data.prefix)))" } ?? "")
        case .frame(let message): "a frame (\(message.opcode)) with \(Self.shown(String(buffer: message.payload.prefix)))"
        case .deliver(let message, let backlog):
            "deliver \(message.size) bytes of \(Self.shown(message.topic.description)) behind \(backlog.bytes) of \(backlog.limit)"
        case .http(_, let request), .admin(_, let request):
            "\(request.method) \(Self.shown(request.path))?\(Self.shown(request.query)) with \(Self.shown(request.headers)) and "
                + Self.shown(String(buffer: request.body.prefix))
        }
    }

    private static func shown(_ text: String) -> String {
        text.utf8.count > 80 ? "\(text.prefix(60).debugDescription)… (\(text.utf8.count) bytes)" : text.debugDescription
    }

    private static func shown(_ headers: [(name: String, value: String)]) -> String {
        "[\(headers.prefix(4).map { "\(shown($0.name)): \(shown($0.value))" }.joined(separator: ", "))]"
    }
}

extension ByteBuffer {
    /// What is enough to show.
    fileprivate var prefix: ByteBuffer { getSlice(at: readerIndex, length: min(readableBytes, 100)) ?? self }
}
