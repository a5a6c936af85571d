import GatewayKit
import Testing

@Suite struct UnitTests {
    @Test(arguments: [
        ("0", Duration.zero), ("0s", .zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("1m30s", .seconds(90)),
        ("15m", .seconds(900)),
        ("30d", .seconds(2_592_000)), ("1h1m1s1ms", .milliseconds(3_661_001)),
    ])
    func `a duration has units, the largest first`(_ text: String, _ value: Duration) {
        #expect(Decoding(Duration.self, text).value == value)
    }

    @Test(arguments: ["30", "30 s", "1.5s", "s", "30S", "30s1m", "1m1m", "1h30", "007s", "٣s", "30seconds", "0x1s", "-", "1_0s"])
    func `what has no such unit is no duration`(_ text: String) {
        #expect(Decoding(Duration.self, text).code == .missingUnit)
    }

    @Test(arguments: ["-1s", "99999999999d", "99999999999999999999999ms", "104249991374d24h"]) func `a duration out of reach is told`(
        _ text: String
    ) {
        #expect(Decoding(Duration.self, text).code == .outOfRange)
    }

    @Test(arguments: [
        ("5", "write 5ms or 5s"), ("30sec", "write 30s"), ("5 minutes", "write 5m"), ("2hours", "write 2h"), ("100millis", "write 100ms"),
    ])
    func `a duration is told its unit`(_ text: String, _ help: String) {
        #expect(Decoding(Duration.self, text).help == help)
    }

    @Test(arguments: [
        ("0", 0), ("5", 5), ("5B", 5), ("64KiB", 65536), ("1KB", 1000), ("1MiB", 1_048_576), ("1MB", 1_000_000), ("2GiB", 2 << 30),
        ("1GB", 1_000_000_000),
    ])
    func `a size has units of ten or of two`(_ text: String, _ bytes: Int) {
        #expect(Decoding(ByteCount.self, text).value?.bytes == bytes)
    }

    @Test(arguments: ["1mb", "1 MiB", "1.5MiB", "MiB", "1TB", "0x10", "01KiB", "1KIB", ""]) func `what has no such unit is no size`(
        _ text: String
    ) {
        #expect(Decoding(ByteCount.self, text, isPlain: false).code == .missingUnit)
    }

    @Test(arguments: ["-1", "-1KiB", "9223372036854775808", "9999999999GiB"]) func `a size out of reach is told`(_ text: String) {
        #expect(Decoding(ByteCount.self, text).code == .outOfRange)
    }

    @Test(arguments: [
        ("1mb", "write 1MB (10^6) or 1MiB (2^20)"), ("8k", "write 8KB (10^3) or 8KiB (2^10)"), ("5b", "write 5B"), ("4 MiB", "write 4MiB"),
    ])
    func `a size is told its unit`(_ text: String, _ help: String) {
        #expect(Decoding(ByteCount.self, text).help == help)
    }

    @Test(arguments: [("50/s", Rate(50)), ("100/m", Rate(100, per: .seconds(60))), ("1000/h", Rate(1000, per: .seconds(3600)))])
    func `a rate is a number and a unit of time`(_ text: String, _ value: Rate) {
        #expect(Decoding(Rate.self, text).value == value)
    }

    @Test(arguments: [
        ("50", DiagnosticCode.missingUnit), ("50/d", .missingUnit), ("50/", .missingUnit), ("50/s/s", .missingUnit), ("x/s", .invalidValue),
        ("/s", .invalidValue), ("-5/s", .invalidValue), ("05/s", .invalidValue), ("0/s", .outOfRange), ("1000000001/s", .outOfRange),
        ("99999999999999999999/s", .outOfRange),
    ])
    func `what is no rate is told why`(_ text: String, _ code: DiagnosticCode) {
        #expect(Decoding(Rate.self, text).code == code)
    }

    @Test(arguments: [("250ms", "250ms"), ("90s", "1m30s"), ("0", "0"), ("86400s", "1d")]) func `a duration is shown in its largest units`(
        _ text: String, _ shown: String
    ) {
        #expect(Decoding(Duration.self, text).value?.settingText == shown)
    }

    @Test func `what is shown reads back as the same`() {
        for bytes in [0, 1, 999, 1000, 1024, 1500, 65536, 1_000_000, 1_048_576, 3 << 30, Int.max] {
            #expect(Decoding(ByteCount.self, ByteCount(bytes).settingText).value?.bytes == bytes)
        }
        for milliseconds in [0, 1, 999, 1000, 61_001, 86_400_000, 90_061_001] {
            let duration = Duration.milliseconds(milliseconds)
            #expect(Decoding(Duration.self, duration.settingText).value == duration)
        }
        for rate in [Rate(1), Rate(5, per: .seconds(60)), Rate(7, per: .seconds(3600))] {
            #expect(Decoding(Rate.self, rate.settingText).value == rate)
        }
    }

    @Test func `the time between two of a rate is never zero`() {
        #expect(Rate(50).interval == 20_000_000)
        #expect(Rate(1_000_000_000, per: .nanoseconds(1)).interval == 1)
        #expect(Rate(0).interval == .max)
    }

    @Test func `a secret is shown nowhere`() {
        let secret = Secret("hunter2\n")
        #expect(secret.bytes == Array("hunter2".utf8))
        var dumped = ""
        dump(Optional(secret), to: &dumped)
        let shown = "\(secret)\(secret.settingText)\(String(reflecting: secret))\(Optional(secret) as Any)\(dumped)"
        #expect(!shown.contains("hunter2") && !shown.contains("104"))
    }

    @Test func `a secret in the file itself is a warning`() {
        #expect(Decoding(Secret.self, "hunter2").code == .literalSecret)
        #expect(Decoding(Secret.self, "hunter2").value != nil)
        #expect(Decoding(Secret.self, "hunter2", template: "${X}").diagnostics.isEmpty)
        #expect(Decoding(Secret.self, "").diagnostics.map(\.code) == [.wrongType])
    }

    @Test(arguments: [("/a/b", "/a/b"), ("a", "/base/a"), ("../a", "/base/../a")]) func `a relative path starts at the folder of the file`(
        _ text: String, _ path: String
    ) {
        #expect(Decoding(FilePath.self, text).value?.path == path)
    }

    @Test func `a path has characters`() {
        #expect(Decoding(FilePath.self, "", isPlain: false).code == .invalidValue)
        #expect(Decoding(FilePath.self, "a\u{0}b").code == .invalidValue)
    }
}
