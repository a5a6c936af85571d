import Testing

@testable import GatewayKit

struct JSONReaderTests {
    private func read(_ text: String) -> JSONValue? { JSONReader.read(Array(text.utf8)) }

    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("-7", .integer(-7)),
        ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.50", .number(1.5)),
        ("1e3", .number(1000)), ("-2E-2", .number(-0.02)), (#""""#, .string("")),
        (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u0041\u00E9\ud83D\uDe00""#, .string("Aé😀")), ("[ ]", .array([])), ("[1 , [2]]", .array([.integer(1), .array([.integer(2)])])),
        ("{\t}", .object([:])), (#"{ "a" : {"b":[]} }"#, .object(["a": .object(["b": .array([])])])),
    ])
    func `JSON is read`(_ text: String, _ value: JSONValue) {
        #expect(read(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "1 2", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u00g0\"",
        #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"\n\"", "[", "[1", "[1,", "[1,]", "[,]", "]", "{", #"{"a""#, #"{"a":"#,
        #"{"a":1"#,
        #"{"a":1,}"#, "{a:1}", #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "1e999", "'a'", "\u{FEFF}1", "NaN", "-Infinity", "// x\n1",
    ])
    func `what is no JSON is not read`(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func `invalid UTF-8 is not read`() {
        #expect(JSONReader.read([0x22, 0xFF, 0x22]) == nil)
        #expect(JSONReader.read([0x22, 0xC0, 0x80, 0x22]) == nil)
    }

    @Test func `thirty-two levels are read, and one more is not`() {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(read(nested(32)) != nil)
        #expect(read(nested(33)) == nil)
        #expect(read(String(repeating: "[", count: 100_000)) == nil)
    }
}
