/// The head of one HTTP/1.1 request.
struct RequestHead: Sendable {
    /// How the body's end is told.
    enum Body: Equatable {
        case none
        /// `Content-Length`; may be 0.
        case length(Int)
        case chunked
    }

    let method: String
    /// The path as it came, not percent-decoded.
    let path: String
    /// The query without the question mark; empty where there is none.
    let query: String
    /// The header lines in order: names in lower case, values trimmed.
    let headers: [(name: String, value: String)]
    /// Whether the version is 1.0.
    let isHTTP10: Bool
    let body: Body

    /// The value of the first line of a header; its name is given in lower case.
    func first(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// Whether a header that is a list of words has one, whatever its case, on any of its lines.
    ///
    /// - Parameters:
    ///   - name: The header, in lower case.
    ///   - token: The word, in lower case.
    /// - Returns: Whether it does.
    func lists(_ name: String, _ token: String) -> Bool {
        headers.contains { header in
            header.name == name && header.value.utf8.split(separator: UInt8(ascii: ",")).contains { Self.isWord($0, token) }
        }
    }

    /// Whether the connection may carry another request (RFC 9112, 9.3).
    var keepsAlive: Bool { isHTTP10 ? lists("connection", "keep-alive") : !lists("connection", "close") }

    private static func isWord(_ word: Substring.UTF8View, _ token: String) -> Bool {
        var word = word
        while let byte = word.first, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { word.removeFirst() }
        while let byte = word.last, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { word.removeLast() }
        return word.elementsEqual(token.utf8) { $0 == $1 || HTTPSyntax.lowercased($0) == $1 }
    }
}
