import Testing

@testable import RedisModule

struct RedisURLTests {
    @Test func `a URL has a host alone, or all of its parts`() throws {
        let short = try RedisURL("redis://cache")
        #expect((short.host, short.port, short.database, short.isSecure) == ("cache", 6379, 0, false))
        #expect(short.user == nil && short.password == nil)
        let long = try RedisURL("rediss://app:p%40ss%2Fword@cache.example.com:7000/3")
        #expect((long.host, long.port, long.database, long.isSecure) == ("cache.example.com", 7000, 3, true))
        #expect(long.user == "app" && long.password == "p@ss/word")
    }
}
