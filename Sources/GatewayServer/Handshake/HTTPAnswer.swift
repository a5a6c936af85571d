import GatewayKit
import NIOCore

/// The answers to an upgrade request: the 101, or a refusal with a JSON body after which the connection closes.
enum HTTPAnswer {
    static func upgrade(accept: String, subprotocol: String?) -> ByteBuffer {
        var answer = ByteBuffer()
        answer.writeString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
        answer.writeString(accept)
        if let subprotocol { answer.writeString("\r\nSec-WebSocket-Protocol: \(subprotocol)") }
        answer.writeString("\r\n\r\n")
        return answer
    }

    static func refusal(_ refusal: HTTPRefusal, headOnly: Bool, date: Timestamp) -> ByteBuffer {
        var body = ByteBuffer()
        body.writeString("{\"success\":false,\"error\":{\"code\":\(refusal.status),\"message\":")
        body.writeJSON(refusal.message)
        body.writeString(",\"details\":{\"reason\":")
        body.writeJSON(refusal.reason.slug)
        if let retryAfter = refusal.retryAfter { body.writeString(",\"retryAfterMs\":\(max(0, retryAfter.milliseconds))") }
        if let errorID = refusal.errorID { body.writeString(",\"errorId\":\"\(errorID)\"") }
        body.writeString("}}}\n")

        var answer = ByteBuffer()
        answer.writeString("HTTP/1.1 \(refusal.status) \(phrase(refusal.status))\r\n")
        answer.writeString("Content-Type: application/json\r\nContent-Length: \(body.readableBytes)\r\nConnection: close\r\n")
        if refusal.status == 426 { answer.writeString("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n") }
        if refusal.status == 405 { answer.writeString("Allow: GET\r\n") }
        if let retryAfter = refusal.retryAfter {
            answer.writeString("Retry-After: \(max(1, (retryAfter.milliseconds.clampedForHeader + 999) / 1000))\r\n")
        }
        answer.writeString("\r\n")
        if !headOnly { answer.writeBuffer(&body) }
        return answer
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: "Refused"
        }
    }
}

extension Int64 {
    /// At most a year: what a header may sensibly say.
    fileprivate var clampedForHeader: Int64 { Swift.min(self, 31_536_000_000) }
}
