import GatewayKit
import NIOCore

/// Reads the body of one request to its end, strictly: what two readers could cut in two ways is refused (RFC 9112, 6 and 7).
struct RequestBody {
    private enum State {
        case length(Int)
        case chunkSize
        case chunkData(Int)
        case chunkEnd
        case trailers
        case done
    }

    /// What has come of it.
    private(set) var bytes = ByteBuffer()
    private var state: State
    private let limit: Int
    /// Bytes of chunk extensions and trailers so far.
    private var overhead = 0
    /// Chunk extensions and trailers together may have as many bytes; nobody here reads them.
    private static let maxOverhead = 8192
    private static let maxSizeDigits = 8

    /// - Parameters:
    ///   - kind: What the head says of the end.
    ///   - limit: How many bytes are taken.
    /// - Throws: 413 for a length that is over the limit.
    init(_ kind: RequestHead.Body, limit: Int) throws(HTTPRefusal) {
        self.limit = limit
        switch kind {
        case .none: state = .done
        case .length(let length):
            guard length <= limit else { throw .bodyTooBig(limit) }
            state = length == 0 ? .done : .length(length)
        case .chunked: state = .chunkSize
        }
    }

    var isDone: Bool { if case .done = state { true } else { false } }

    /// Takes what belongs to the body; the rest belongs to the next request.
    mutating func read(_ buffer: inout ByteBuffer) throws(HTTPRefusal) {
        while try step(&buffer) {}
    }

    /// Does one step; false where more bytes are needed, or none.
    private mutating func step(_ buffer: inout ByteBuffer) throws(HTTPRefusal) -> Bool {
        switch state {
        case .done: return false
        case .length(let rest):
            let count = take(rest, &buffer)
            state = count == rest ? .done : .length(rest - count)
            return count == rest
        case .chunkSize:
            guard let line = try line(&buffer) else { return false }
            let (size, digits) = try Self.chunkSize(line)
            try count(overhead: line.count - digits)
            guard size <= limit - bytes.readableBytes else { throw .bodyTooBig(limit) }
            state = size == 0 ? .trailers : .chunkData(size)
        case .chunkData(let rest):
            let count = take(rest, &buffer)
            state = count == rest ? .chunkEnd : .chunkData(rest - count)
            return count == rest
        case .chunkEnd:
            guard let end = buffer.getBytes(at: buffer.readerIndex, length: 2) else {
                // One byte alone can be wrong already.
                if let first = buffer.readableBytesView.first, first != UInt8(ascii: "\r") { throw .badRequest("malformed chunk") }
                return false
            }
            guard end == [UInt8(ascii: "\r"), UInt8(ascii: "\n")] else { throw .badRequest("malformed chunk") }
            buffer.moveReaderIndex(forwardBy: 2)
            state = .chunkSize
        case .trailers:
            guard let line = try line(&buffer) else { return false }
            if line.isEmpty {
                state = .done
            } else {
                try Self.checkTrailer(line)
                try count(overhead: line.count + 2)
            }
        }
        return true
    }

    private mutating func take(_ wanted: Int, _ buffer: inout ByteBuffer) -> Int {
        guard var piece = buffer.readSlice(length: min(wanted, buffer.readableBytes)) else { return 0 }
        return bytes.writeBuffer(&piece)
    }

    /// A whole line without its end; nil where that has not come.
    private mutating func line(_ buffer: inout ByteBuffer) throws(HTTPRefusal) -> [UInt8]? {
        let view = buffer.readableBytesView
        // The digits of a chunk size, and the carriage return, are no overhead.
        let room = Self.maxOverhead - overhead + Self.maxSizeDigits + 1
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else {
            guard view.count <= room else { throw .headerTooLarge }
            return nil
        }
        let line = Array(view[view.startIndex..<end])
        guard line.count <= room else { throw .headerTooLarge }
        guard line.last == UInt8(ascii: "\r") else { throw .badRequest("bare line feed") }
        guard line.dropLast().allSatisfy(HTTPSyntax.isValue) else { throw .badRequest("control character") }
        buffer.moveReaderIndex(forwardBy: line.count + 1)
        return line.dropLast()
    }

    /// Chunk extensions and trailers that are read over.
    private mutating func count(overhead bytes: Int) throws(HTTPRefusal) {
        overhead += bytes
        guard overhead <= Self.maxOverhead else { throw .headerTooLarge }
    }

    /// `chunk-size [chunk-ext]`: hexadecimal digits, and nothing between them and a semicolon.
    private static func chunkSize(_ line: [UInt8]) throws(HTTPRefusal) -> (size: Int, digits: Int) {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        guard 1...maxSizeDigits ~= digits.count else { throw .badRequest("malformed chunk size") }
        var size = 0
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .badRequest("malformed chunk size") }
            size = size << 4 | digit
        }
        return (size, digits.count)
    }

    private static func checkTrailer(_ line: [UInt8]) throws(HTTPRefusal) {
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        guard !name.isEmpty, name.count < line.count, name.allSatisfy(HTTPSyntax.isToken) else { throw .badRequest("malformed trailer") }
    }
}
