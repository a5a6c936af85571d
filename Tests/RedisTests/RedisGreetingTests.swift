import NIOCore
import Testing

@testable import RedisModule

struct RedisGreetingTests {
    private static let welcome = RESPValue.array([.bytes(ByteBuffer(string: "server")), .bytes(ByteBuffer(string: "redis"))])
    private static let good = RESPValue.bytes(ByteBuffer(string: "OK"))
    private static let old = [
        "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'app' 'secret' ", "ERR unknown command `HELLO`",
        "NOPROTO unsupported protocol version",
    ]

    private func greeting(_ url: String) throws -> RedisGreeting { RedisGreeting(try RedisURL(url)) }

    @Test(arguments: [
        ("redis://cache", ["HELLO", "3", "SETNAME", "gateway"]),
        ("redis://:secret@cache", ["HELLO", "3", "AUTH", "default", "secret", "SETNAME", "gateway"]),
        ("redis://app:secret@cache", ["HELLO", "3", "AUTH", "app", "secret", "SETNAME", "gateway"]),
    ])
    func `it asks for version 3 and logs in`(url: String, words: [String]) throws {
        var greeting = try greeting(url)
        #expect(greeting.first() == words)
        #expect(!greeting.isDone)
        #expect(try greeting.next(after: Self.welcome) == nil)
        #expect(greeting.isDone)
    }

    @Test func `it goes on to the database`() throws {
        var greeting = try greeting("redis://cache/5")
        #expect(try greeting.next(after: Self.welcome) == ["SELECT", "5"])
        #expect(!greeting.isDone)
        #expect(try greeting.next(after: Self.good) == nil)
        #expect(greeting.isDone)
    }

    @Test(arguments: old)
    func `a server of before is spoken to in version 2`(answer: String) throws {
        var plain = try greeting("redis://cache")
        #expect(try plain.next(after: .error(answer)) == nil)
        #expect(plain.isDone)
        var login = try greeting("redis://:secret@cache/2")
        #expect(try login.next(after: .error(answer)) == ["AUTH", "secret"])
        #expect(try login.next(after: Self.good) == ["SELECT", "2"])
        #expect(try login.next(after: Self.good) == nil)
        #expect(login.isDone)
        var user = try greeting("redis://app:secret@cache")
        #expect(try user.next(after: .error(answer)) == ["AUTH", "app", "secret"])
        #expect(try user.next(after: Self.good) == nil)
        #expect(user.isDone)
    }

    @Test(arguments: [
        ("WRONGPASS invalid username-password pair or user is disabled.", "give the right user and password in modules.redis.url"),
        ("NOAUTH HELLO must be called with the client already authenticated", "give a password in modules.redis.url"),
        ("ERR max number of clients reached", "max number of clients"),
    ])
    func `a refusal is told with its cure`(answer: String, words: String) throws {
        var greeting = try greeting("redis://app:secret@cache")
        let failure = #expect(throws: RedisFailure.self) { try greeting.next(after: .error(answer)) }
        #expect(failure?.description.hasPrefix("Redis refuses HELLO: ") == true)
        #expect(failure?.description.contains(words) == true)
        #expect(failure?.description.contains("secret") == false)
        #expect(!greeting.isDone)
    }

    @Test func `a refused login or database of an old server is told`() throws {
        var login = try greeting("redis://app:secret@cache/2")
        _ = try login.next(after: .error(Self.old[0]))
        let refused = #expect(throws: RedisFailure.self) { try login.next(after: .error("WRONGPASS invalid")) }
        #expect(refused?.description.hasPrefix("Redis refuses AUTH: WRONGPASS") == true)
        var database = try greeting("redis://cache/99")
        _ = try database.next(after: Self.welcome)
        let missing = #expect(throws: RedisFailure.self) { try database.next(after: .error("ERR DB index is out of range")) }
        #expect(missing?.description.hasPrefix("Redis refuses SELECT 99: ERR DB index is out of range (end modules.redis.url with") == true)
    }

    @Test func `a server that repeats the login in its answer does not bring the password into the log`() throws {
        var greeting = try greeting("redis://app:secret@cache")
        _ = try greeting.next(after: .error(Self.old[0]))
        let answer = "ERR unknown command 'AUTH', with args beginning with: 'app' 'secret' "
        let failure = #expect(throws: RedisFailure.self) { try greeting.next(after: .error(answer)) }
        #expect(failure?.description == "Redis refuses AUTH: ERR unknown command 'AUTH'")
    }
}
