import GatewayKit
import Testing

@Suite struct NameSuggestionTests {
    @Test(arguments: [
        ("max_mesage", "max_message"), ("maxmessage", "max_message"), ("Max-Message", "max_message"), ("bursst", "burst"), ("rtae", "rate"),
        ("prd", "prod"),
    ])
    func `a slip of the hand has its name`(_ name: String, _ meant: String) {
        #expect(NameSuggestion.nearest(to: name, in: ["burst", "rate", "max_message", "prod"]) == meant)
    }

    @Test(arguments: [("rate", "rate_limit"), ("--prot", "--profile"), ("bur", "burst"), ("max", nil), ("ra", nil), ("ratify", nil)])
    func `a name that is begun has its end where there is one`(_ name: String, _ meant: String?) {
        let known = ["rate_limit", "--profile", "--set", "burst", "max_message", "max_queue"]
        #expect(NameSuggestion.nearest(to: name, in: known) == meant)
    }

    @Test(arguments: ["colour", "x_y_z", "maximum", "ra"]) func `another word has none`(_ name: String) {
        #expect(NameSuggestion.nearest(to: name, in: ["burst", "rate", "max_message"]) == nil)
    }

    @Test func `a very long name is not compared`() {
        #expect(NameSuggestion.nearest(to: String(repeating: "a", count: 65), in: [String(repeating: "a", count: 65)]) == nil)
    }

    @Test func `nothing is near nothing`() {
        #expect(NameSuggestion.nearest(to: "", in: []) == nil)
    }
}
