import GatewayKit
import GatewayTestKit
import SizeLimitModule
import Testing

struct SizeLimitTests {
    private let tester = ModuleTester()

    @Test func `its declarations are complete`() {
        #expect(SettingsTester.defects(of: SizeLimit.self) == [])
    }

    @Test func `without settings nothing is too large`() throws {
        #expect(try route(.publish, "a", bytes: .max, "{}").proceeds)
    }

    @Test(arguments: [0, 1, 1024])
    func `a message up to the limit passes`(bytes: Int) throws {
        #expect(try route(.publish, "a", bytes: bytes, "{max_message: 1KiB}").proceeds)
    }

    @Test func `a message over the limit is refused with topic, size and limit`() throws {
        let refusal = try route(.publish, "files.a", bytes: 1025, "{max_message: 1KiB}").refusal
        let message = "A message of 1025 bytes is over the limit of 1024 bytes"
        #expect(refusal == Rejection(.messageTooBig, message, topic: "files.a"))
    }

    @Test(arguments: [Command.Action.subscribe, .unsubscribe, .ingress])
    func `what is not a publish is not measured`(action: Command.Action) throws {
        #expect(try route(action, "a", bytes: 5000, "{max_message: 1KiB}").proceeds)
    }

    @Test(arguments: [
        ("files.big", 2000, true), ("files.big", 2001, false), ("files.other", 1001, false), ("chat", 501, false), ("free", 9999, true),
    ])
    func `the first entry that matches decides`(topic: String, bytes: Int, passes: Bool) throws {
        let topics = "[{match: files.big, max_message: 2000}, {match: \"files.**\", max_message: 1000}, {match: free, max_message: null}]"
        #expect(try route(.publish, topic, bytes: bytes, "{max_message: 500, topics: \(topics)}").proceeds == passes)
    }

    @Test(arguments: [
        ("{max_message: 64kb}", DiagnosticCode.missingUnit), ("{max_mesage: 1MiB}", .unknownKey), ("{topics: [{match: a}]}", .missingKey),
        ("{topics: [{max_message: 1KiB}]}", .missingKey), ("{topics: [{match: \"a..b\", max_message: 1KiB}]}", .invalidValue),
        ("{topics: {}}", .wrongType),
    ])
    func `settings that cannot be meant are errors`(settings: String, code: DiagnosticCode) {
        #expect(SettingsTester.decode(SizeLimitSettings.self, settings).diagnostics.map(\.code) == [code])
    }

    private func route(_ action: Command.Action, _ topic: String, bytes: Int, _ settings: String) throws -> Verdict<Rejection> {
        let module = try tester.make(SizeLimit.self, settings)
        var command = Command(action, try TopicPattern(topic), byteCount: bytes)
        return module.route(&command, tester.connect().connection)
    }
}
