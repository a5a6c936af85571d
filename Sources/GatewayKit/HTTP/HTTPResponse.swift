public import NIOCore

/// The answer to an HTTP request.
///
/// The core adds `Date`, `Content-Length`, `Connection` and what CORS needs.
public struct HTTPResponse: Sendable {
    /// The status.
    public var status: Int
    /// Further header lines; no line break in them.
    public var headers: [(name: String, value: String)]
    /// The body; empty for none.
    public var body: ByteBuffer

    /// Makes an answer.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Answers `{"success":true,"data":…}`.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - data: JSON.
    /// - Returns: The answer, which no cache keeps.
    public static func success(_ status: Int = 200, data: ByteBuffer) -> HTTPResponse {
        var writer = JSONWriter()
        writer.member("success", .bool(true))
        writer.member("data", json: data)
        return .json(status, writer.finish())
    }

    /// Answers JSON as it is.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - json: The body.
    /// - Returns: The answer, which no cache keeps.
    public static func json(_ status: Int, _ json: ByteBuffer) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body: json)
    }

    /// Answers a text.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - type: The media type, as `text/html; charset=utf-8`.
    ///   - text: The body.
    /// - Returns: The answer.
    public static func text(_ status: Int, type: String = "text/plain; charset=utf-8", _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", type)], body: ByteBuffer(string: text))
    }

    /// Answers `{"success":false,"error":{"code":…,"message":…,"details":{"reason":…}}}`.
    public static func failure(_ refusal: HTTPRefusal) -> HTTPResponse {
        var details = JSONWriter()
        details.member("reason", .string(refusal.reason.slug))
        if let field = refusal.field { details.member("field", .string(field)) }
        if let issue = refusal.issue { details.member("issue", .string(issue)) }
        if let topic = refusal.topic { details.member("topic", .string(topic)) }
        if let retryAfter = refusal.retryAfter { details.member("retryAfterMs", .integer(max(0, retryAfter.milliseconds))) }
        if let errorID = refusal.errorID { details.member("errorId", .string(errorID)) }
        var error = JSONWriter()
        error.member("code", .integer(Int64(refusal.status)))
        error.member("message", .string(refusal.message))
        error.member("details", json: details.finish())
        var writer = JSONWriter()
        writer.member("success", .bool(false))
        writer.member("error", json: error.finish())
        var response = HTTPResponse.json(refusal.status, writer.finish())
        response.headers += refusal.headers
        if let retryAfter = refusal.retryAfter {
            // Rounded up; at most a year, which is what a header may sensibly say.
            let milliseconds = min(max(0, retryAfter.milliseconds), 31_536_000_000)
            response.headers.append(("Retry-After", String(max(1, (milliseconds + 999) / 1000))))
        }
        return response
    }
}
