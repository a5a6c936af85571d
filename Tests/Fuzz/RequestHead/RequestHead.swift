import Fuzzing
import GatewayKit
import NIOCore

@testable import GatewayServer

/// Request heads, whole and in pieces: the same answer, and a head that was read can be written and read again.
@main enum RequestHeadTarget {
    static func main() {
        runFuzzer { data, size in
            RequestHeadTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let wire = ByteBuffer(bytes: bytes.dropFirst())
        let whole = RequestHeadParser.parse(wire)
        let pieces = parse(wire, chunk: 1 + Int(first) % 13)
        switch (whole, pieces) {
        case (.incomplete, .incomplete), (.refused, .refused): break
        case (.head(let one, let length), .head(let other, let otherLength)):
            require(length == otherLength && isSame(one, other), "the head depends on how bytes are split")
            require(length <= wire.readableBytes, "the head is longer than what came")
            rewrite(one)
        default: require(false, "the answer depends on how bytes are split: \(whole) \(pieces)")
        }
    }

    private static func parse(_ bytes: ByteBuffer, chunk: Int) -> HeadResult {
        var searched = 0
        var count = 0
        while true {
            count = min(count + chunk, bytes.readableBytes)
            guard let part = bytes.getSlice(at: bytes.readerIndex, length: count) else { return .incomplete }
            let result = RequestHeadParser.parse(part, searched: &searched)
            if case .incomplete = result, count < bytes.readableBytes { continue }
            return result
        }
    }

    private static func rewrite(_ head: RequestHead) {
        // Bytes beyond ASCII that are no UTF-8 come out as the replacement character: those heads cannot come back.
        guard !head.headers.contains(where: { $0.value.contains("\u{FFFD}") }) else { return }
        let target = head.path + (head.query.isEmpty ? "" : "?" + head.query)
        let lines = head.headers.map { "\($0.name):\($0.value)\r\n" }.joined()
        let text = "\(head.method) \(target) HTTP/1.\(head.isHTTP10 ? 0 : 1)\r\n\(lines)\r\n"
        guard case .head(let again, let length) = RequestHeadParser.parse(ByteBuffer(string: text)) else {
            return require(false, "what was read cannot be read again: \(text)")
        }
        require(length == text.utf8.count && isSame(again, head), "what was read reads differently: \(text)")
    }

    private static func isSame(_ one: RequestHead, _ other: RequestHead) -> Bool {
        one.method == other.method && one.path == other.path && one.query == other.query && one.body == other.body
            && one.isHTTP10 == other.isHTTP10 && one.headers.elementsEqual(other.headers, by: ==) && one.keepsAlive == other.keepsAlive
    }
}
