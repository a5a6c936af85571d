import Fuzzing
import GatewayKit
import NIOCore

@testable import GatewayServer

/// Request bodies, whole and in pieces: the same bytes, the same rest, never more than the limit.
@main enum RequestBodyTarget {
    private static let limit = 4096

    static func main() {
        runFuzzer { data, size in
            RequestBodyTarget.check(input(data, size))
            return 0
        }
    }

    static func check(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return }
        let kind: RequestHead.Body = bytes[1] == 0 ? .chunked : bytes[1] == 1 ? .none : .length(Int(bytes[1]) * 31)
        let wire = Array(bytes.dropFirst(2))
        let whole = read(kind, wire, chunk: max(1, wire.count))
        let pieces = read(kind, wire, chunk: 1 + Int(bytes[0]) % 7)
        switch (whole, pieces) {
        case (nil, nil): break
        case (let one?, let other?):
            require(
                one.isDone == other.isDone && one.body == other.body && one.rest == other.rest, "the body depends on how bytes are split")
            require(one.body.count <= limit && one.body.count + one.rest.count <= wire.count, "the body is longer than what came")
        default: require(false, "the answer depends on how bytes are split")
        }
    }

    /// What was read; nil where it was refused.
    private static func read(_ kind: RequestHead.Body, _ wire: [UInt8], chunk: Int) -> (isDone: Bool, body: [UInt8], rest: [UInt8])? {
        do throws(HTTPRefusal) {
            var body = try RequestBody(kind, limit: limit)
            var rest = ByteBuffer()
            try body.read(&rest)
            var left = wire[...]
            while !left.isEmpty {
                rest.writeBytes(left.prefix(chunk))
                left = left.dropFirst(chunk)
                try body.read(&rest)
            }
            return (body.isDone, Array(body.bytes.readableBytesView), body.isDone ? Array(rest.readableBytesView) : [])
        } catch {
            return nil
        }
    }
}
