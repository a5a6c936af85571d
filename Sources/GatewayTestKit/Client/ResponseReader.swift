import NIOCore

/// Reads HTTP/1.1 responses: heads, bodies with a length, bodies up to the end of the stream.
struct ResponseReader {
    private var head: (status: Int, headers: [TestResponse.Header])?
    private var bodyLength: Int?

    /// The next whole response, or nil where more bytes are needed.
    ///
    /// - Parameters:
    ///   - buffer: The bytes; what belongs to the response is taken away.
    ///   - atEnd: Whether no more will come, which ends a body without a length.
    /// - Returns: What was read, or nil where more is needed.
    mutating func read(_ buffer: inout ByteBuffer, atEnd: Bool = false) -> TestResponse? {
        if head == nil {
            guard let end = buffer.readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            guard let text = buffer.readString(length: end.lowerBound - buffer.readerIndex) else { return nil }
            buffer.moveReaderIndex(forwardBy: 4)
            parse(text)
        }
        guard let head else { return nil }
        let length = head.status < 200 || head.status == 204 ? 0 : bodyLength ?? (atEnd ? buffer.readableBytes : Int.max)
        guard buffer.readableBytes >= length || atEnd else { return nil }
        let body = buffer.readString(length: min(length, buffer.readableBytes)) ?? ""
        self.head = nil
        return TestResponse(status: head.status, headers: head.headers, body: body)
    }

    private mutating func parse(_ text: String) {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return TestResponse.Header(
                name: parts[0].lowercased(), value: String((parts.count > 1 ? parts[1] : "").drop { $0 == " " }))
        }
        head = (status, headers)
        bodyLength = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
    }
}
