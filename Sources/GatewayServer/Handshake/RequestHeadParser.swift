internal import GatewayKit
internal import NIOCore

/// Reads the head of an HTTP/1.1 request, strictly: what two readers could understand in two ways is refused (RFC 9112).
enum RequestHeadParser {
    static let maxBytes = 16_384
    static let maxHeaders = 100

    /// Reads the head at the start of `bytes`.
    static func parse(_ bytes: ByteBuffer) -> HeadResult {
        var searched = 0
        return parse(bytes, searched: &searched)
    }

    /// Reads the head at the start of `bytes`, which may have grown since the last call: what was searched then is not searched again.
    ///
    /// - Parameters:
    ///   - bytes: All bytes so far, from the first one of the head on.
    ///   - searched: 0 at the first call.
    /// - Returns: The head, once it is complete.
    static func parse(_ bytes: ByteBuffer, searched: inout Int) -> HeadResult {
        bytes.withUnsafeReadableBytes { bytes in
            do throws(HTTPRefusal) {
                guard let end = try HeadEnd.find(in: bytes, from: &searched) else {
                    return bytes.count < maxBytes ? .incomplete : .refused(.headerTooLarge)
                }
                var reader = RequestHeadReader(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
                return .head(try reader.read(), byteCount: end)
            } catch {
                return .refused(error)
            }
        }
    }
}

/// The search for the empty line that ends a head.
private enum HeadEnd {
    /// The offset behind the empty line; nil where it has not come.
    ///
    /// Line ends that are not CR LF and control characters are refused at once.
    static func find(in bytes: UnsafeRawBufferPointer, from searched: inout Int) throws(HTTPRefusal) -> Int? {
        var offset = max(0, searched)
        let end = min(bytes.count, RequestHeadParser.maxBytes)
        while offset < end {
            let byte = bytes[offset]
            offset += 1
            guard byte < 0x20 else { continue }
            switch byte {
            case UInt8(ascii: "\n"):
                guard offset > 1, bytes[offset - 2] == UInt8(ascii: "\r") else { throw .badRequest("bare line feed") }
                if offset == 2 || offset >= 4 && bytes[offset - 3] == UInt8(ascii: "\n") { return offset }
            case UInt8(ascii: "\r"):
                guard offset < bytes.count else {
                    // Looked at again with the byte behind it.
                    searched = offset - 1
                    return nil
                }
                guard bytes[offset] == UInt8(ascii: "\n") else { throw .badRequest("bare carriage return") }
            case UInt8(ascii: "\t"): break
            default: throw .badRequest("control character")
            }
        }
        searched = offset
        return nil
    }
}
