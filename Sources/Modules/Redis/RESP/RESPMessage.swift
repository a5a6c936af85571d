import Glibc
import NIOCore

/// A message that was published: what most of what Redis sends is, so it is read in one pass over the bytes.
struct RESPMessage: Equatable {
    /// What was published: a slice of what was read.
    let payload: ByteBuffer

    init(payload: ByteBuffer) { self.payload = payload }

    /// Takes `message`, its channel and its payload, or `pmessage` with its pattern before those.
    ///
    /// Nil, and nothing taken, for all else, for what has not come as a whole, and for what is malformed.
    init?(readingFrom buffer: inout ByteBuffer) {
        let found = buffer.withUnsafeReadableBytes { bytes -> Range<Int>? in
            var scanner = MessageScanner(bytes: bytes)
            return scanner.payload()
        }
        guard let found, let payload = buffer.getSlice(at: buffer.readerIndex + found.lowerBound, length: found.count) else { return nil }
        buffer.moveReaderIndex(forwardBy: found.upperBound + 2)
        self.payload = payload
    }
}

/// Goes over bytes that may be a message.
private struct MessageScanner {
    let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Where the payload lies; the end of its line is there too.
    mutating func payload() -> Range<Int>? {
        guard let type = bytes.first, type == UInt8(ascii: ">") || type == UInt8(ascii: "*"), let count = number(),
            count == 3 || count == 4,
            let kind = string()
        else { return nil }
        if count == 3 {
            guard isEqual(kind, "message") else { return nil }
        } else {
            guard isEqual(kind, "pmessage"), string() != nil else { return nil }
        }
        return string() == nil ? nil : string()
    }

    private mutating func string() -> Range<Int>? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "$"), let length = number() else { return nil }
        let end = position + length
        guard length <= RESPReader.maxString, end + 2 <= bytes.count, bytes[end] == UInt8(ascii: "\r"), bytes[end + 1] == UInt8(ascii: "\n")
        else { return nil }
        defer { position = end + 2 }
        return position..<end
    }

    /// Up to nine digits behind the type, and the end of their line.
    private mutating func number() -> Int? {
        var (number, index) = (0, position + 1)
        let last = min(bytes.count, index + 10)
        while index < last {
            switch bytes[index] {
            case let digit where digit &- UInt8(ascii: "0") < 10: number = number * 10 + Int(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "\r"):
                guard index > position + 1, index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") else { return nil }
                position = index + 2
                return number
            default: return nil
            }
            index += 1
        }
        return nil
    }

    private func isEqual(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard let start = bytes.baseAddress, range.count == word.utf8CodeUnitCount else { return false }
        return memcmp(start + range.lowerBound, word.utf8Start, range.count) == 0
    }
}
