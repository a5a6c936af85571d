import GatewayKit
import NIOCore

/// Answers as bytes: the 101, and whole responses.
enum HTTPAnswer {
    static func upgrade(accept: String, subprotocol: String?) -> ByteBuffer {
        var answer = ByteBuffer()
        answer.writeString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
        answer.writeString(accept)
        if let subprotocol { answer.writeString("\r\nSec-WebSocket-Protocol: \(subprotocol)") }
        answer.writeString("\r\n\r\n")
        return answer
    }

    /// `HTTP/1.1 100 Continue`: the client may send its body.
    static var proceed: ByteBuffer { ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n") }

    /// A whole response.
    ///
    /// - Parameters:
    ///   - response: What is answered; line breaks in its header lines are left out.
    ///   - keepsAlive: Whether the connection takes another request.
    ///   - headOnly: Whether the request was `HEAD`.
    ///   - date: Now.
    /// - Returns: The bytes.
    static func response(_ response: HTTPResponse, keepsAlive: Bool, headOnly: Bool, date: Timestamp) -> ByteBuffer {
        var answer = ByteBuffer()
        answer.writeString("HTTP/1.1 \(response.status) \(phrase(response.status))\r\nDate: \(HTTPDate.text(date))\r\n")
        var connection = keepsAlive ? "keep-alive" : "close"
        for header in response.headers {
            if header.name == "Upgrade" { connection += ", Upgrade" }
            answer.writeString("\(oneLine(header.name)): \(oneLine(header.value))\r\n")
        }
        // RFC 9110, 8.6: these have no body, and no length that says so.
        let hasBody = response.status != 204 && response.status != 304
        if hasBody { answer.writeString("Content-Length: \(response.body.readableBytes)\r\n") }
        answer.writeString("Connection: \(connection)\r\n\r\n")
        if hasBody, !headOnly { answer.writeImmutableBuffer(response.body) }
        return answer
    }

    private static func oneLine(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
        return String(decoding: text.utf8.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Status \(status)"
        }
    }
}
