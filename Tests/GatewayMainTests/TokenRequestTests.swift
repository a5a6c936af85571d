import GatewayKit
import Testing

@testable import GatewayMain

@Suite struct TokenRequestTests {
    @Test(
        arguments: [
            ("a=pro", JSONValue.string("pro")), ("a=3", .integer(3)), ("a=true", .bool(true)), ("a=null", .null), ("a=1.5", .number(1.5)),
            ("a=\"3\"", .string("3")), ("a=[\"x\",1]", .array([.string("x"), .integer(1)])),
            ("a={\"b\":false}", .object(["b": .bool(false)])),
            ("a=", .string("")), ("a=b=c", .string("b=c")), ("a={", .string("{")),
        ])
    func `a claim is JSON or text`(_ claim: String, _ value: JSONValue) throws {
        #expect(try TokenRequest(user: "u", claims: [claim]).claims == ["a": value])
    }

    @Test func `roles are a list`() throws {
        #expect(try TokenRequest(user: "u", roles: ["x", "y"]).claims == ["roles": .array([.string("x"), .string("y")])])
    }

    @Test(arguments: [["=x"], ["x"], ["a=1", "a=2"], [""]])
    func `a claim without a name, or given twice, is refused`(_ claims: [String]) {
        #expect(throws: CommandFailure.self) { try TokenRequest(user: "u", claims: claims) }
    }

    @Test(arguments: ["exp", "iat", "jti", "iss", "aud", "sub"])
    func `a claim that the gateway sets is refused by name`(_ name: String) throws {
        let failure = try #require(throws: CommandFailure.self) { try TokenRequest(user: "u", claims: ["\(name)=1"]) }
        #expect(failure.message.contains("--claim \(name) "))
    }

    @Test func `a user's id has at most 255 bytes`() throws {
        #expect(try TokenRequest(user: String(repeating: "é", count: 127)).user.utf8.count == 254)
        let failure = try #require(throws: CommandFailure.self) { try TokenRequest(user: String(repeating: "é", count: 128)) }
        #expect(failure.message == "--user has 256 bytes")
        #expect(failure.status == 1)
    }

    @Test(arguments: [("plan", "has no value"), ("=pro", "has no name"), ("", "has no name")])
    func `the error says which part of a claim is missing`(_ claim: String, _ message: String) throws {
        let failure = try #require(throws: CommandFailure.self) { try TokenRequest(user: "u", claims: [claim]) }
        #expect(failure.message.hasSuffix(message))
    }

    @Test(arguments: ["0", "10", "1x", "", "-1s", "99999999999999999999s"])
    func `a time that is none is refused`(_ text: String) {
        #expect(throws: CommandFailure.self) { try TokenRequest(user: "u", timeToLive: text) }
    }

    @Test func `a time has a unit`() throws {
        #expect(try TokenRequest(user: "u", timeToLive: "1h30m").timeToLive == .seconds(5400))
    }

    @Test func `an empty user is refused`() {
        #expect(throws: CommandFailure.self) { try TokenRequest(user: "") }
    }
}
