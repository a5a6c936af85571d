import Foundation
import NIOCore
import NIOHTTP1

/// An answer other than 101 to a request for a WebSocket.
struct RefusedUpgrade {
    private let status: HTTPResponseStatus
    private let headers: HTTPHeaders
    private let body: String
    private let url: ConnectURL

    /// Reads the response, at most 16 KiB of its body.
    init(_ parts: NIOAsyncChannel<HTTPClientResponsePart, Never>, _ url: ConnectURL) async throws {
        var head: HTTPResponseHead?
        var bytes = ByteBuffer()
        try await parts.executeThenClose { inbound, _ in
            reading: for try await part in inbound {
                switch part {
                case .head(let received): head = received
                case .body(var slice): bytes.writeBuffer(&slice)
                case .end: break reading
                }
                if bytes.readableBytes > 16 << 10 { break }
            }
        }
        status = head?.status ?? .badRequest
        headers = head?.headers ?? [:]
        body = String(buffer: bytes.getSlice(at: bytes.readerIndex, length: min(bytes.readableBytes, 16 << 10)) ?? ByteBuffer())
        self.url = url
    }

    /// Status and reason, with what to look at.
    var failure: CommandFailure {
        let reason = (try? JSONDecoder().decode(Answer.self, from: Data(body.utf8)))?.error
        let words = reason.flatMap { $0.details?.reason }.map { " (\($0))" } ?? ""
        let text = "the gateway answered HTTP \(status.code) \(TerminalText.escaped(status.reasonPhrase))\(TerminalText.escaped(words))"
        return CommandFailure(text, help: help)
    }

    private var help: String? {
        switch status.code {
        case 401, 403: return "the gateway does not let this client in: look at its log"
        case 404:
            return
                "is '\(url.target)' the endpoint? it is server.path of gateway.yaml, /ws unless set; server.enabled: false takes it away"
        case 429, 503:
            let wait = headers["retry-after"].first.map { "try again in \(TerminalText.escaped($0)) s" }
            return wait ?? "try again later"
        case 301...308: return headers["location"].first.map { "it points to \(TerminalText.escaped($0))" }
        default: return "does a gateway listen there?"
        }
    }

    /// The JSON body of a refusal.
    private struct Answer: Decodable {
        struct Failure: Decodable {
            struct Details: Decodable { let reason: String? }
            let details: Details?
        }
        let error: Failure?
    }
}
