import GatewayKit
import NIOCore
import Testing

@Suite struct TopicTests {
    @Test(arguments: [
        "a", "messages.user.123", "A-Z_a.z:0@9", "550e8400-e29b-41d4-a716-446655440000", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p",
        String(repeating: "x", count: 255),
    ])
    func `a topic is segments joined by dots`(_ text: String) throws {
        let topic = try Topic(text)
        #expect(topic.description == text)
        #expect(topic.segments.map { String(buffer: $0) } == text.split(separator: ".").map(String.init))
    }

    @Test(arguments: [
        ("", TopicError.emptySegment), (".", .emptySegment), ("a.", .emptySegment), (".a", .emptySegment), ("a..b", .emptySegment),
        ("a b", .character),
        ("a/b", .character), ("é", .character), ("a\u{0}", .character), ("a\n", .character), ("<userId>", .character),
        ("$SYS.x", .reserved),
        ("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", .tooManySegments), (String(repeating: "x", count: 256), .tooLong), ("a.*", .wildcard),
        ("**", .wildcard),
    ])
    func `what is no topic is told why`(_ text: String, _ error: TopicError) {
        #expect(throws: error) { try Topic(text) }
    }

    @Test(arguments: ["*", "**", "a.*", "a.*.b", "*.*", "a.**", "*.**"]) func `a pattern has wildcards as whole segments`(_ text: String)
        throws
    {
        let pattern = try TopicPattern(text)
        #expect(pattern.hasWildcards && pattern.topic == nil)
        #expect(pattern.description == text)
    }

    @Test(arguments: [
        ("a*", TopicError.partialWildcard), ("*a", .partialWildcard), ("a.b*.c", .partialWildcard), ("***", .partialWildcard),
        ("a.***", .partialWildcard),
        ("**.a", .multiWildcardNotLast), ("a.**.b", .multiWildcardNotLast), ("*.", .emptySegment), ("a.*$", .partialWildcard),
        ("$x.*", .reserved),
        ("*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*", .tooManySegments),
    ])
    func `what is no pattern is told why`(_ text: String, _ error: TopicError) {
        #expect(throws: error) { try TopicPattern(text) }
    }

    @Test func `a pattern without wildcards is a topic, and equal to one made of it`() throws {
        let pattern = try TopicPattern("a.b")
        #expect(try pattern.topic == Topic("a.b"))
        #expect(try TopicPattern(Topic("a.b")) == pattern)
        #expect(pattern.segments.count == 2)
    }

    @Test func `a topic of a slice does not see what is around it`() throws {
        var buffer = ByteBuffer(string: "xx a.b.c yy")
        buffer.moveReaderIndex(to: 3)
        let part = buffer.readSlice(length: 5)
        let slice = try #require(part)
        #expect(try Topic(slice).segments.map { String(buffer: $0) } == ["a", "b", "c"])
        #expect(try TopicPattern("a.*.c").matches(Topic(slice)))
        #expect(try TopicPattern("a.b.c").matches(Topic(slice)))
    }

    @Test(arguments: [
        ("messages.user.*", "messages.user.123", true), ("messages.user.*", "messages.user.456", true),
        ("messages.user.*", "messages.channel.general", false),
        ("messages.**", "messages.user.123", true), ("messages.**", "messages.channel.general", true),
        ("messages.**", "messages.user.123.replies", true),
        ("messages.**", "messages", false), ("messages.*", "messages", false), ("messages.*", "messages.user.123", false),
        ("*", "messages", true),
        ("**", "messages", true), ("**", "a.b.c", true), ("*.**", "a", false), ("a.b", "a.b", true), ("a.b", "a.bc", false),
        ("a.bc", "a.b", false),
    ])
    func `a pattern matches as the document says`(_ pattern: String, _ topic: String, _ matches: Bool) throws {
        #expect(try TopicPattern(pattern).matches(Topic(topic)) == matches)
    }
}
