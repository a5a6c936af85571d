import GatewayKit
import Testing

struct TopicEntryTests {
    private struct Entry: TopicEntry {
        var match = TopicPattern.all
        var limit = 0
        static let fields: [SettingField<Self>] = [.match(\.match), SettingField("limit", \.limit, "A number.")]

        init() {}
        init(_ match: String, _ limit: Int) throws {
            self.match = try TopicPattern(match)
            self.limit = limit
        }
    }

    @Test(arguments: [("files.big", 1), ("files.small", 2), ("files", 3), ("chat.a.b", 3)])
    func `the first entry that matches decides`(topic: String, limit: Int) throws {
        let entries = [try Entry("files.big", 1), try Entry("files.*", 2), try Entry("**", 3)]
        #expect(entries.first(matching: try Topic(topic))?.limit == limit)
    }

    @Test func `no entry decides about a topic that none matches`() throws {
        #expect([try Entry("files.**", 1)].first(matching: try Topic("files")) == nil)
    }

    @Test func `an entry without a pattern is an error`() {
        let place = SourcePlace(.file("gateway.yaml"), line: 3, column: 9)
        var decoder = SettingsDecoder(baseFolder: "/")
        #expect(Entry.decode(ConfigurationNode(.mapping([]), at: place), &decoder) == nil)
        #expect(decoder.diagnostics.map(\.code) == [.missingKey])
    }

    @Test(arguments: ["a", "a.b", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"])
    func `the pattern for all matches every topic`(topic: String) throws {
        #expect(TopicPattern.all.matches(try Topic(topic)))
        #expect(TopicPattern.all == (try TopicPattern("**")))
    }
}
