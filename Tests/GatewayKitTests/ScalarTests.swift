import GatewayKit
import Testing

@Suite struct ScalarTests {
    @Test(arguments: [("true", true), ("false", false)]) func `a boolean is true or false`(_ text: String, _ value: Bool) {
        #expect(Decoding(Bool.self, text).value == value)
    }

    @Test(arguments: [("yes", "write true"), ("On", "write true"), ("TRUE", "write true"), ("no", "write false"), ("0", "write false")])
    func `another word for yes or no is told the right one`(_ text: String, _ help: String) {
        #expect(Decoding(Bool.self, text).code == .wrongType)
        #expect(Decoding(Bool.self, text).help == help)
    }

    @Test func `a boolean or number in quotes is text, unless variables made it`() {
        #expect(Decoding(Bool.self, "true", isPlain: false).help == "drop the quotes")
        #expect(Decoding(Int.self, "5", isPlain: false).help == "drop the quotes")
        #expect(Decoding(Bool.self, "true", isPlain: false, template: "${X}").value == true)
        #expect(Decoding(Int.self, "5", isPlain: false, template: "${X}").value == 5)
    }

    @Test(arguments: [("0", 0), ("-1", -1), ("1_000", 1000), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min)])
    func `an integer is digits`(_ text: String, _ value: Int) {
        #expect(Decoding(Int.self, text).value == value)
    }

    @Test(arguments: ["010", "0x1F", "1e3", "1.5", "+1", "12:30:45", "_1", "1_", "-", "", "one", "١", "1 "])
    func `another notation is no integer`(_ text: String) {
        #expect(Decoding(Int.self, text).code == .wrongType)
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"])
    func `a number that does not fit is out of range`(_ text: String) {
        #expect(Decoding(Int.self, text).code == .outOfRange)
    }

    @Test(arguments: ["null", "Null", "NULL", "~", ""]) func `a plain null is nothing, and a quoted one is text`(_ text: String) {
        #expect(Decoding(String?.self, text).value == .some(.none))
        #expect(Decoding(String?.self, text, isPlain: false).value == text)
        #expect(Decoding(String.self, text).diagnostics.first?.message == "x: expected text, got nothing")
    }

    @Test func `a list reports each bad element at its index`() {
        let decoding = Decoding([Int].self, .list(.plain("1"), .plain("b"), .plain("c")))
        #expect(decoding.value == nil)
        #expect(decoding.diagnostics.map(\.message) == ["x[1]: expected an integer, got 'b'", "x[2]: expected an integer, got 'c'"])
    }

    @Test func `a dictionary reports each bad value at its key`() {
        let decoding = Decoding([String: Bool].self, .mapping(["a": .plain("true"), "b": .plain("maybe")]))
        #expect(decoding.diagnostics.map(\.message) == ["x.b: expected true or false, got 'maybe'"])
        #expect(Decoding([String: Bool].self, .mapping(["a": .plain("true")])).value == ["a": true])
    }

    @Test(arguments: [
        ("abc", "abc"), ("a-b/c.d", "a-b/c.d"), ("", "\"\""), ("*", "\"*\""), ("null", "\"null\""), ("true", "\"true\""), ("-x", "\"-x\""),
        ("a\"b\\", "\"a\\\"b\\\\\""), ("a\nb\u{1}", "\"a\\nb\\x01\""), ("é", "\"é\""),
    ])
    func `text is quoted where YAML would read something else`(_ text: String, _ shown: String) {
        #expect(text.settingText == shown)
    }

    @Test func `other values are shown as they are written`() {
        #expect([1, 2].settingText == "[1, 2]")
        #expect(["b": true, "a": false].settingText == "{a: false, b: true}")
        #expect(String?.none.settingText == "null")
    }

    @Test func `the value of a variable that may be a secret is not shown`() {
        let secret = Decoding(Int.self, "correct horse", isPlain: false, template: "${KEY}").diagnostics.first
        #expect(secret?.message == "x: expected an integer, got the value of ${KEY}")
        #expect(secret?.label == "from the variable KEY")
        let long = Decoding(Int.self, "correct horse", isPlain: false, template: "a-${KEY:?give a long reason}${B:-default}").diagnostics
            .first
        #expect(long?.message == "x: expected an integer, got the value of a-${KEY}${B}")
        #expect(Decoding(Duration.self, "30000", template: "${EVERY}").help == "write ${EVERY}ms here, or set the variable to 30s")
    }
}
