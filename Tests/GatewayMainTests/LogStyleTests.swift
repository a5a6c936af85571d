import Foundation
import Logging
import Testing

@testable import GatewayMain

@Suite struct LogStyleTests {
    private let date = Date(timeIntervalSince1970: 1_762_862_400.125)

    @Test func `a JSON line has time, level, message and fields`() {
        let line = LogStyle.json.line(level: .info, message: "closed", metadata: ["reason": "flood", "connection": "c"], at: date)
        #expect(line == #"{"time":"2025-11-11T12:00:00.125Z","level":"info","message":"closed","connection":"c","reason":"flood"}"#)
    }

    @Test func `numbers and lists keep their form in JSON`() {
        let metadata: Logger.Metadata = ["n": .stringConvertible(3), "b": .stringConvertible(true), "l": ["a", "b"], "d": ["k": "v"]]
        let line = LogStyle.json.line(level: .debug, message: "", metadata: metadata, at: date)
        #expect(line.hasSuffix(#""message":"","b":true,"d":{"k":"v"},"l":["a","b"],"n":3}"#))
    }

    @Test(arguments: ["a\"b", "a\\b", "a\nb", "a\u{1B}b", "a\u{85}b", "a\u{2028}b", "ü👋", "a\0b", "a\r\nb"])
    func `outside text in JSON is one value on one line`(_ text: String) throws {
        let line = LogStyle.json.line(level: .info, message: text, metadata: [:], at: date)
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0.value == 0x2028 })
        let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(object["message"] == text)
    }

    @Test func `a field cannot take the place of time, level or message`() throws {
        let line = LogStyle.json.line(level: .info, message: "m", metadata: ["message": "other", "level": "x"], at: date)
        #expect(line == #"{"time":"2025-11-11T12:00:00.125Z","level":"info","message":"m"}"#)
    }

    @Test func `a text line has time, level, message and fields`() {
        let line = LogStyle.text(hasColor: false).line(level: .warning, message: "slow", metadata: ["b": "two words", "a": "1"], at: date)
        #expect(line == "12:00:00.125 warning slow  a=1 b=\"two words\"")
    }

    @Test func `outside text cannot begin a line of its own`() {
        let line = LogStyle.text(hasColor: false).line(level: .info, message: "a\nb", metadata: ["k": "x\r\n12:00"], at: date)
        #expect(line == "12:00:00.125 info    a\\nb  k=x\\r\\n12:00")
    }

    @Test func `lines come out in order`() {
        let written = Collected()
        let sink = LogSink { written.append($0) }
        for number in 0..<1000 { sink.write("\(number)") }
        sink.flush()
        #expect(written.lines == (0..<1000).map(String.init))
    }

    @Test func `a reader that is too slow loses lines and is told how many`() {
        let written = Collected()
        let line = String(repeating: "x", count: 1 << 20)
        // The first write blocks the sink's thread until all others have been queued or lost.
        let gate = Gate()
        let sink = LogSink { text in
            gate.wait()
            written.append(text)
        }
        sink.write("first")
        gate.waitUntilReached()
        for _ in 0..<6 { sink.write(line) }
        gate.open()
        sink.flush()
        #expect(written.lines.count == 6)
        #expect(written.lines.last == "2 log lines were lost: standard error is read too slowly")
    }
}
