import GatewayKit
import Testing

/// Texts that Unicode takes for equal and that are not the same bytes.
struct ByteEqualityTests {
    private let kelvin = "\u{212A}im"

    @Test func `two spellings of one letter are two texts`() {
        #expect(kelvin == "Kim" && !kelvin.hasSameBytes(as: "Kim"))
        #expect("e\u{301}" == "\u{E9}" && !"e\u{301}".hasSameBytes(as: "\u{E9}"))
        #expect("Kim".hasSameBytes(as: "Kim"[...]))
    }

    @Test func `values of JSON are equal by the bytes of their strings and names`() {
        #expect(JSONValue.string(kelvin) != .string("Kim"))
        #expect(![JSONValue.string(kelvin)].contains(.string("Kim")))
        #expect(JSONValue.object([kelvin: .null]) != .object(["Kim": .null]))
        #expect(JSONValue.object(["a": .array([.integer(1), .bool(true)])]) == .object(["a": .array([.integer(1), .bool(true)])]))
        #expect(JSONValue.integer(1) != .number(1) && JSONValue.null != .bool(false))
    }

    @Test func `a member has exactly its name`() {
        #expect([kelvin: JSONValue.null].member("Kim") == nil)
        #expect(["Kim": JSONValue.bool(true)].member("Kim") == .bool(true))
    }

    @Test func `two names that a dictionary takes for one are malformed`() {
        #expect(JSONValue(json: Array("{\"\u{212A}im\":1,\"Kim\":2}".utf8)) == nil)
    }
}
