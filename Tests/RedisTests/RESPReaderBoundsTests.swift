import NIOCore
import GatewayTestKit
import Testing

@testable import RedisModule

struct RESPReaderBoundsTests {
    @Test func `a line is as long as its bound and no longer, whether its end has come or not`() throws {
        let line = String(repeating: "a", count: RESPReader.maxLine)
        var longest = ByteBuffer(string: "+\(line)\r\n")
        #expect(try RESPReader.read(&longest) == .value(.bytes(ByteBuffer(string: line))))
        var unfinished = ByteBuffer(string: "+\(line)")
        #expect(try RESPReader.read(&unfinished) == nil)
        for end in ["a\r\n", "a"] {
            var tooLong = ByteBuffer(string: "+\(line)\(end)")
            #expect(throws: RESPError.self) { try RESPReader.read(&tooLong) }
        }
    }

    @Test(arguments: ["*", "~", ">"])
    func `as many values as the bound are inside one, and no more`(type: String) throws {
        let values = String(repeating: "_\r\n", count: RESPReader.maxElements)
        var most = ByteBuffer(string: "\(type)\(RESPReader.maxElements)\r\n\(values)")
        #expect(try RESPReader.read(&most) != nil)
        #expect(most.readableBytes == 0)
        var tooMany = ByteBuffer(string: "\(type)\(RESPReader.maxElements + 1)\r\n\(values)_\r\n")
        #expect(throws: RESPError.self) { try RESPReader.read(&tooMany) }
    }

    @Test func `the bound counts the values at all depths`() throws {
        let half = "*\(RESPReader.maxElements / 2)\r\n" + String(repeating: "_\r\n", count: RESPReader.maxElements / 2)
        var buffer = ByteBuffer(string: "*2\r\n\(half)\(half)")
        #expect(throws: RESPError.self) { try RESPReader.read(&buffer) }
    }

    @Test func `values nest as deep as the bound and no deeper`() throws {
        let lists = String(repeating: "*1\r\n", count: RESPReader.maxDepth - 1)
        var deepest = ByteBuffer(string: "\(lists):1\r\n")
        #expect(try RESPReader.read(&deepest) != nil)
        var tooDeep = ByteBuffer(string: "*1\r\n\(lists):1\r\n")
        #expect(throws: RESPError.self) { try RESPReader.read(&tooDeep) }
    }

    @Test func `random bytes give values, errors or nothing, and split bytes the same`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<10_000 {
            let bytes = Self.noise(&random)
            var whole = ByteBuffer(bytes: bytes)
            let expected = Self.readAll(&whole)
            var split = ByteBuffer()
            var found = Self.Outcome()
            for byte in bytes where !found.hasFailed {
                split.writeInteger(byte)
                let more = Self.readAll(&split)
                found = Outcome(elements: found.elements + more.elements, hasFailed: more.hasFailed)
            }
            if found != expected { Issue.record("\(ByteBuffer(bytes: bytes)): \(found) and \(expected)") }
        }
    }

    private struct Outcome: Equatable {
        var elements: [RESPReader.Element] = []
        var hasFailed = false
    }

    private static func readAll(_ buffer: inout ByteBuffer) -> Outcome {
        var outcome = Outcome()
        do {
            while let element = try RESPReader.read(&buffer) { outcome.elements.append(element) }
        } catch {
            outcome.hasFailed = true
        }
        return outcome
    }

    /// Half words of the protocol, half single bytes, most of them those that mean something.
    private static func noise(_ random: inout SeededRandom) -> [UInt8] {
        let words = [
            "*3\r\n", ">3\r\n", "*4\r\n", ">4\r\n", "%1\r\n", "$7\r\nmessage\r\n", "$8\r\npmessage\r\n", "$1\r\na\r\n", "+OK\r\n", ":1\r\n",
            "_\r\n", "$-1\r\n", "$3\r\n", "abc\r\n",
        ]
        let signs = Array("$*>%~|+-:_#,(!=?.;0123456789\r\n".utf8)
        return (0..<Int.random(in: 0...12, using: &random)).flatMap { _ -> [UInt8] in
            switch Int.random(in: 0..<6, using: &random) {
            case 0...3: Array((words.randomElement(using: &random) ?? "").utf8)
            case 4: [signs.randomElement(using: &random) ?? 0]
            default: [UInt8.random(in: 0...255, using: &random)]
            }
        }
    }
}
