import NIOCore
import Testing

@testable import GatewayServer

@Suite struct JSONGrammarTests {
    /// Whether the bytes are one JSON value with white space around it, as `data` of a frame.
    private func accepts(_ json: [UInt8]) -> Bool {
        json.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            guard (try? scanner.readValue(depth: 0)) != nil else { return false }
            scanner.skipSpace()
            return scanner.isAtEnd
        }
    }

    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "0.5", "-0.25", "1e5", "1E5", "1e+5", "1e-5", "0e0", "0E+1", "1.5e300",
        "123456789012345678901234567890",
        "-1e9999", "true", "false", "null", " 1 ", "\t\r\n 1\n",
    ])
    func `numbers and literals of the grammar pass`(json: String) { #expect(accepts(Array(json.utf8))) }

    @Test(arguments: [
        "", " ", "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1e", "1e+", "1.e5", "0x10", "1_0", "1,", "1 2", "NaN", "Infinity",
        "-Infinity",
        "tru", "truee", "True", "nul", "nulll", "fals", "'a'", "\u{FEFF}1", "/**/1", "1//", "\u{0}", "1\u{0}", "\u{A0}1", "\u{B}1", "--1",
        "1-",
    ])
    func `anything else is no number and no literal`(json: String) { #expect(!accepts(Array(json.utf8))) }

    @Test(arguments: [
        #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\u00e9\u00E9""#, #""\ud83c\udf88""#, #""\uD83C\uDF88x""#, #""\uFFFF""#,
        "\"\u{7F}\"", "\"grüße\"", "\"\u{2028}\u{10FFFF}\"", #""12345678""#, #""1234567890123456\n""#, #""\\\\\\\\\"""#,
    ])
    func `strings of the grammar pass`(json: String) { #expect(accepts(Array(json.utf8))) }

    @Test(arguments: [
        #"""#, #""a"#, #""\""#, #""\"#, #""\x""#, #""\a""#, #""\u""#, #""\u12""#, #""\u12G4""#, #""\u123""#, #""\ud83c""#, #""\udf88""#,
        #""\ud83cx""#, #""\ud83c\n""#, #""\ud83c\u0041""#, #""\ud83c\ud83c""#, #""\udf88\ud83c""#, #""\U0041""#, "\"\u{0}\"", "\"\n\"",
        "\"\t\"",
        "\"\u{1F}\"", "\"12345678\u{1}\"", #""a" "b""#, #""a"b"#,
    ])
    func `strings with a raw control character, a bad escape or half a surrogate pair are refused`(json: String) {
        #expect(!accepts(Array(json.utf8)))
    }

    @Test(arguments: FrameTextTests.invalid, [0, 1, 7, 8, 9, 16])
    func `a string that is no UTF-8 is refused, wherever the fault stands`(sequence: [UInt8], offset: Int) {
        let padding = Array(repeating: UInt8(ascii: "a"), count: offset)
        #expect(!accepts([UInt8(ascii: "\"")] + padding + sequence + padding + [UInt8(ascii: "\"")]))
    }

    @Test(arguments: [
        "[]", "{}", "[ ]", "{ }", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],[[]],{}]", #"{"a":1}"#, #"{ "a" : 1 , "b" : [ { } ] }"#,
        #"{"":{"":[]}}"#,
        #"{"a":{"b":{"c":[1,{"d":null}]}},"e":[[[]]]}"#, #"[{"a":[]},{"b":{}}]"#, #"{"a":1,"a":2}"#, #"[null,true,false,"x",-1.5e3]"#,
    ])
    func `arrays and objects of the grammar pass`(json: String) { #expect(accepts(Array(json.utf8))) }

    @Test(arguments: [
        "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1}", "{]", "[}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
        #"{,"a":1}"#,
        #"{"a":1 "b":2}"#, #"{a:1}"#, #"{1:1}"#, #"{"a":1]"#, #"{"a",1}"#, #"{"a"::1}"#, "[]]", "{}}", "[[]", #"{"a":[}"#, #"[{"a":1]}"#,
        #"{"a":1,2}"#, #"["a":1]"#, #"{null:1}"#, #"{["a"]:1}"#, "[1,,2]", #"{"a":1,,"b":2}"#, "[:]", "[\"a\"",
    ])
    func `brackets, commas and colons out of place are refused`(json: String) { #expect(!accepts(Array(json.utf8))) }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")])
    func `depth 32 passes and 33 does not`(open: String, close: String) {
        let step = open.count { $0 == "[" || $0 == "{" }
        let deepest = JSONScanner.maxDepth / step
        func nested(_ count: Int) -> [UInt8] {
            Array((String(repeating: open, count: count) + "1" + String(repeating: close, count: count)).utf8)
        }
        #expect(accepts(nested(deepest)))
        #expect(!accepts(nested(deepest + 1)))
    }

    @Test func `a hundred thousand brackets end at depth 33`() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONScanner.Failure.tooDeep) {
            try deep.withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                try scanner.readValue(depth: 0)
            }
        }
    }

    @Test func `a valid text cut anywhere is refused`() {
        let whole = Array(#"{"a":[1.5e3,"b\n\ud83c\udf88ü",{"c":null}],"d":true}"#.utf8)
        #expect(accepts(whole))
        for count in 0..<whole.count { #expect(!accepts(Array(whole.prefix(count)))) }
    }
}
