internal import GatewayKit

/// The header lines that say where a request ends and whom it is for: what request smuggling is made of, so each may stand once.
struct FramingFields {
    private var hosts = 0
    private var length: Int?
    private var isChunked = false

    /// Looks at a header line.
    mutating func note(_ name: String, _ value: String) throws(HTTPRefusal) {
        switch name {
        case "host":
            hosts += 1
            guard hosts == 1, value.utf8.allSatisfy(HTTPSyntax.isHost) else { throw .badRequest("malformed Host") }
        case "content-length":
            guard length == nil, 1...18 ~= value.utf8.count, value.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
                let count = Int(value)
            else { throw .badRequest("malformed Content-Length") }
            length = count
        case "transfer-encoding":
            guard !isChunked, value.utf8.elementsEqual("chunked".utf8, by: { HTTPSyntax.lowercased($0) == $1 }) else {
                throw .badRequest("Transfer-Encoding other than chunked")
            }
            isChunked = true
        default: break
        }
    }

    /// What the lines say of the body, once all have been seen.
    func body(isHTTP10: Bool) throws(HTTPRefusal) -> RequestHead.Body {
        if hosts == 0, !isHTTP10 { throw .badRequest("no Host") }
        guard isChunked else { return length.map(RequestHead.Body.length) ?? .none }
        if length != nil { throw .badRequest("both Content-Length and Transfer-Encoding") }
        if isHTTP10 { throw .badRequest("Transfer-Encoding in HTTP/1.0") }
        return .chunked
    }
}
