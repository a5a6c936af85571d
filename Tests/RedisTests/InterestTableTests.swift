import GatewayKit
import NIOCore
import GatewayTestKit
import Testing

@testable import RedisModule

struct InterestTableTests {
    @Test(arguments: 0...4, [1, 2, 3, 4, 6, 100])
    func `whatever comes and goes, all that is wanted is reached, at every moment`(segments: Int, maxPatterns: Int) throws {
        for seed in UInt64(0)..<3 {
            var random = SeededRandom(seed: seed)
            var model = InterestModel(segments: segments, maxPatterns: maxPatterns)
            for step in 0..<120 {
                let fault = model.step(&random)
                try #require(fault == nil, "seed \(seed), step \(step): \(fault ?? "") with \(model.interests)")
            }
            while !model.interests.isEmpty {
                let fault = model.remove(at: 0)
                try #require(fault == nil, "seed \(seed), at the end: \(fault ?? "") with \(model.interests)")
            }
            #expect(model.redis.topics.isEmpty && model.redis.prefixes.isEmpty)
            try expectNothing(in: model.table)
        }
    }

    /// Nothing is remembered of what has gone.
    private func expectNothing(in table: InterestTable) throws {
        let mirror = Mirror(reflecting: table)
        #expect(try #require(mirror.descendant("leaning") as? [ByteBuffer: Set<ByteBuffer>]).isEmpty)
        #expect(try #require(mirror.descendant("beginnings") as? [[ByteBuffer: Int]]).allSatisfy(\.isEmpty))
        #expect(Mirror(reflecting: try #require(mirror.descendant("topics"))).children.isEmpty)
    }

    private func pattern(_ text: String) throws -> TopicPattern { try TopicPattern(text) }
    private func prefix(_ text: String) -> RedisSubscription { .prefix(ByteBuffer(string: text)) }
    private func topic(_ text: String) -> RedisSubscription { .topic(ByteBuffer(string: text)) }

    @Test func `patterns that begin alike are one`() throws {
        var table = InterestTable(segments: 2, maxPatterns: 10)
        #expect(table.add(try pattern("a.b.*")) == [.begin(prefix("a.b"))])
        #expect(table.add(try pattern("a.b.c.**")) == [])
        #expect(table.add(try pattern("a.*.c")) == [.begin(prefix("a"))])
        #expect(table.remove(try pattern("a.b.*")) == [])
        #expect(table.remove(try pattern("a.b.c.**")) == [.end(prefix("a.b"))])
    }

    @Test func `a topic below a beginning is asked for by itself before that goes`() throws {
        var table = InterestTable(segments: 2, maxPatterns: 10)
        _ = table.add(try pattern("a.*"))
        #expect(table.add(try pattern("a.b")) == [])
        #expect(table.support(of: try pattern("a.b")) == prefix("a"))
        #expect(table.add(try pattern("a")) == [.begin(topic("a"))])
        #expect(table.remove(try pattern("a.*")) == [.begin(topic("a.b")), .end(prefix("a"))])
        #expect(table.support(of: try pattern("a.b")) == topic("a.b"))
    }

    @Test func `too many beginnings become shorter, and longer again where they are far fewer`() throws {
        var table = InterestTable(segments: 1, maxPatterns: 2)
        _ = table.add(try pattern("a.*"))
        _ = table.add(try pattern("b.*"))
        #expect(table.support(of: try pattern("a.*")) == prefix("a"))
        let changes = table.add(try pattern("c.*"))
        #expect(changes.prefix(2) == [.begin(prefix("c")), .begin(prefix(""))])
        #expect(changes.count == 5)
        #expect(table.support(of: try pattern("a.*")) == prefix(""))
        #expect(table.remove(try pattern("c.*")) == [])
        #expect(table.remove(try pattern("b.*")) == [.begin(prefix("a")), .end(prefix(""))])
    }

    @Test func `what nobody wants is not taken away`() throws {
        var table = InterestTable(segments: 2, maxPatterns: 2)
        #expect(table.remove(try pattern("a.*")) == [])
        #expect(table.remove(try pattern("a")) == [])
        #expect(table.add(try pattern("a.*")) == [.begin(prefix("a"))])
        #expect(table.remove(try pattern("a.*.b")) == [])
        try expectNothing(in: InterestTable(segments: 2, maxPatterns: 2))
    }
}
