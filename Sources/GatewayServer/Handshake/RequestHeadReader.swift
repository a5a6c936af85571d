internal import GatewayKit

/// Reads one complete request head, line by line.
struct RequestHeadReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var headers: [(name: String, value: String)] = []
    private var fields = FramingFields()

    /// Makes a reader of a head that ends with its empty line.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func read() throws(HTTPRefusal) -> RequestHead {
        let method = try readMethod()
        let target = try readTarget(isOptions: method == "OPTIONS")
        let isHTTP10 = try readVersion()
        headers.reserveCapacity(16)
        while try readHeader() {}
        return RequestHead(
            method: method, path: target.path, query: target.query, headers: headers, isHTTP10: isHTTP10,
            body: try fields.body(isHTTP10: isHTTP10))
    }

    // MARK: The request line

    private mutating func readMethod() throws(HTTPRefusal) -> String {
        let start = position
        skip(while: HTTPSyntax.isToken)
        guard 1...32 ~= position - start, next == UInt8(ascii: " ") else { throw .badRequest("malformed method") }
        defer { position += 1 }
        return text(start, position)
    }

    /// Reads the origin form, the absolute form that every server must accept, or the asterisk of OPTIONS (RFC 9112, 3.2).
    private mutating func readTarget(isOptions: Bool) throws(HTTPRefusal) -> (path: String, query: String) {
        var start = position
        skip(while: HTTPSyntax.isTarget)
        let end = position
        guard end > start, next == UInt8(ascii: " ") else { throw .badRequest("malformed request target") }
        position += 1
        if isOptions, end - start == 1, bytes[start] == UInt8(ascii: "*") { return ("*", "") }
        if bytes[start] != UInt8(ascii: "/") {
            start = try endOfAuthority(start, end)
        }
        let mark = bytes[start..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
        return (mark == start ? "/" : text(start, mark), mark < end ? text(mark + 1, end) : "")
    }

    private func endOfAuthority(_ start: Int, _ end: Int) throws(HTTPRefusal) -> Int {
        for scheme in ["http://", "https://", "ws://", "wss://"] {
            let authority = start + scheme.utf8.count
            guard end > authority, bytes[start..<authority].elementsEqual(scheme.utf8, by: { HTTPSyntax.lowercased($0) == $1 }) else {
                continue
            }
            let stop = bytes[authority..<end].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? end
            guard stop > authority, bytes[authority..<stop].allSatisfy(HTTPSyntax.isHost) else { break }
            return stop
        }
        throw .badRequest("malformed request target")
    }

    private mutating func readVersion() throws(HTTPRefusal) -> Bool {
        let start = position
        skip { $0 != UInt8(ascii: "\r") }
        let version = bytes[start..<position]
        try endLine()
        if version.elementsEqual("HTTP/1.1".utf8) { return false }
        if version.elementsEqual("HTTP/1.0".utf8) { return true }
        throw .badRequest("HTTP version other than 1.1")
    }

    // MARK: Header lines

    /// Reads one line; false for the empty one.
    private mutating func readHeader() throws(HTTPRefusal) -> Bool {
        if next == UInt8(ascii: "\r") {
            try endLine()
            return false
        }
        let start = position
        skip(while: HTTPSyntax.isToken)
        // A folded line begins with a space, and a name may have none before its colon: both end here.
        guard position > start, next == UInt8(ascii: ":") else { throw .badRequest("malformed header line") }
        guard headers.count < RequestHeadParser.maxHeaders else { throw .headerTooLarge }
        let name = lowercasedText(start, position)
        position += 1
        skip(while: HTTPSyntax.isSpace)
        let valueStart = position
        skip(while: HTTPSyntax.isValue)
        var valueEnd = position
        while valueEnd > valueStart, HTTPSyntax.isSpace(bytes[valueEnd - 1]) { valueEnd -= 1 }
        try endLine()
        let value = text(valueStart, valueEnd)
        try fields.note(name, value)
        headers.append((name, value))
        return true
    }

    private mutating func endLine() throws(HTTPRefusal) {
        guard bytes.count - position >= 2, bytes[position] == UInt8(ascii: "\r"), bytes[position + 1] == UInt8(ascii: "\n") else {
            throw .badRequest("malformed line")
        }
        position += 2
    }

    // MARK: Bytes

    private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skip(while belongs: (UInt8) -> Bool) {
        while position < bytes.count, belongs(bytes[position]) { position += 1 }
    }

    private func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    private func lowercasedText(_ start: Int, _ end: Int) -> String {
        String(unsafeUninitializedCapacity: end - start) { room in
            for offset in 0..<(end - start) { room[offset] = HTTPSyntax.lowercased(bytes[start + offset]) }
            return end - start
        }
    }
}
