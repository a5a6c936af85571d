import NIOCore
import Testing

@testable import RedisModule

struct RESPReaderTests {
    /// What Redis sends, and what is read of it.
    private static let samples: [(wire: String, element: RESPReader.Element)] = [
        ("+OK\r\n", .value(text("OK"))), ("+\r\n", .value(text(""))), ("$5\r\nhello\r\n", .value(text("hello"))),
        ("$0\r\n\r\n", .value(text(""))), ("$4\r\na\r\nb\r\n", .value(text("a\r\nb"))), ("=8\r\ntxt:some\r\n", .value(text("txt:some"))),
        ("-ERR no\r\n", .value(.error("ERR no"))), ("!6\r\nERR no\r\n", .value(.error("ERR no"))),
        (":0\r\n", .value(.integer(0))), (":-12\r\n", .value(.integer(-12))), (":9223372036854775807\r\n", .value(.integer(.max))),
        ("_\r\n", .value(.null)), ("$-1\r\n", .value(.null)), ("*-1\r\n", .value(.null)),
        ("#t\r\n", .value(.other(bytes("t")))), (",1.7e+12\r\n", .value(.other(bytes("1.7e+12")))),
        ("(3492890328409238509324850943850943825024385\r\n", .value(.other(bytes("3492890328409238509324850943850943825024385")))),
        ("*0\r\n", .value(.array([]))), ("~1\r\n:1\r\n", .value(.array([.integer(1)]))), (">0\r\n", .value(.push([]))),
        ("*2\r\n*1\r\n:1\r\n$1\r\na\r\n", .value(.array([.array([.integer(1)]), text("a")]))),
        ("%2\r\n+a\r\n:1\r\n+b\r\n_\r\n", .value(.array([text("a"), .integer(1), text("b"), .null]))),
        (">3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", .value(.push([text("subscribe"), text("c"), .integer(1)]))),
        ("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", .value(.array([text("subscribe"), text("c"), .integer(1)]))),
        ("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\n\r\n\r\n\r\n", .message(RESPMessage(payload: bytes("\r\n\r\n")))),
        (">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$5\r\nhello\r\n", .message(RESPMessage(payload: bytes("hello")))),
        ("*4\r\n$8\r\npmessage\r\n$2\r\nc*\r\n$1\r\nc\r\n$5\r\nhello\r\n", .message(RESPMessage(payload: bytes("hello")))),
        (">4\r\n$8\r\npmessage\r\n$2\r\nc*\r\n$1\r\nc\r\n$0\r\n\r\n", .message(RESPMessage(payload: bytes("")))),
        // Nearly messages.
        ("*3\r\n$8\r\npmessage\r\n+a\r\n+b\r\n", .value(.array([text("pmessage"), text("a"), text("b")]))),
        ("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$-1\r\n", .value(.array([text("message"), text("c"), .null]))),
        (">2\r\n$7\r\nmessage\r\n$1\r\nc\r\n", .value(.push([text("message"), text("c")]))),
    ]

    private static func text(_ text: String) -> RESPValue { .bytes(bytes(text)) }
    private static func bytes(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test func `each type of both versions is read, and what follows stays`() throws {
        for sample in Self.samples {
            var buffer = ByteBuffer(string: sample.wire + "+next")
            #expect(try RESPReader.read(&buffer) == sample.element, "\(sample.wire)")
            #expect(String(buffer: buffer) == "+next", "\(sample.wire)")
        }
    }

    @Test func `a value that has not come as a whole is nil and takes nothing`() throws {
        for sample in Self.samples {
            var buffer = ByteBuffer()
            for byte in sample.wire.utf8 {
                let length = buffer.readableBytes
                #expect(try RESPReader.read(&buffer) == nil, "\(length) bytes of \(sample.wire)")
                #expect(buffer.readableBytes == length)
                buffer.writeInteger(byte)
            }
            #expect(try RESPReader.read(&buffer) == sample.element, "\(sample.wire)")
            #expect(buffer.readableBytes == 0)
        }
    }

    @Test func `the payload of a message is a slice of what was read`() throws {
        var buffer = ByteBuffer(string: ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$5\r\nhello\r\n")
        let start = buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        guard case .message(let message) = try RESPReader.read(&buffer) else {
            Issue.record("no message")
            return
        }
        #expect(message.payload.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) } == start + 28)
    }

    @Test(arguments: [
        "$5\r\nhelloXX", "$3\r\nabcd\r\n", "+OK\rX", "*1\r\n$1\r\nab\r\n", "*3\r\n$7\r\nmessage\r\n$1\r\ncXX",
        // Lengths.
        "$-2\r\n", "$+5\r\n", "$-0\r\n", "$\r\n", "$ 1\r\n", "$1a\r\n", "$0x1\r\n", "$1000000000\r\n", "$0000000001\r\n", "$536870913\r\n",
        "$99999999999999999999\r\n", "*-2\r\n", "*\r\n", "*9223372036854775807\r\n", "%-9\r\n",
        // Numbers.
        ":\r\n", ":1.5\r\n", ":9223372036854775808\r\n", ":x\r\n",
        // What is streamed or annotated, and what no version has.
        "$?\r\n", "*?\r\n", ">?\r\n", "%?\r\n", "~?\r\n", ".\r\n", ";4\r\n", "|1\r\n+a\r\n+b\r\n+OK\r\n", "\r\n", "HTTP/1.1 400", "\u{0}",
        "*1\r\n|",
    ])
    func `what is no value is an error`(wire: String) {
        var buffer = ByteBuffer(string: wire)
        #expect(throws: RESPError.self) { try RESPReader.read(&buffer) }
    }

    @Test(arguments: ["$536870912\r\n", "$007\r\nabc", "*100000\r\n:1\r\n", "%50000\r\n", "*536870912\r\n", "$1\r\na\r", ":1\r", "*"])
    func `what may still become a value is waited for`(wire: String) throws {
        var buffer = ByteBuffer(string: wire)
        #expect(try RESPReader.read(&buffer) == nil)
    }

    @Test func `a length may have zeros in front`() throws {
        var buffer = ByteBuffer(string: "$003\r\nabc\r\n")
        #expect(try RESPReader.read(&buffer) == .value(Self.text("abc")))
    }
}
