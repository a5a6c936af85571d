import GatewayKit
import Testing

private struct Inner: Settings {
    var low = 1
    var high = 2

    static let fields: [SettingField<Self>] = [
        SettingField("low", \.low, range: 0...10, "The low end."), SettingField("high", \.high, range: 0...10, "The high end."),
    ]

    func validate(_ report: inout SettingsReport) {
        if low > high { report.add(.error, .invalidValue, "low", "above high", other: ("high", "high set"), help: "lower it") }
    }
}

private struct Outer: Settings {
    var name = ""
    var wait: Duration? = .seconds(5)
    var inner = Inner()
    var parts: [Inner] = []
    var key: Secret?

    static let fields: [SettingField<Self>] = [
        SettingField("name", \.name, required: true, environment: .plain("NAME"), "The name."),
        SettingField("wait", \.wait, range: .seconds(1)...(.seconds(60)), "How long."), SettingField("inner", \.inner, "More."),
        SettingField("parts", \.parts, "Many."), SettingField("key", \.key, "A key."),
    ]

    func validate(_ report: inout SettingsReport) {
        if name == "bad" { report.add(.error, .invalidValue, "name", "is bad", other: ("inner.low", "low set")) }
        if name == "odd" { report.add(.warning, .invalidValue, "inner.low", "is odd") }
    }
}

private struct Store: Settings {
    var file = FilePath("data/a")
    var other: FilePath?
    static let fields: [SettingField<Self>] = [SettingField("file", \.file, "A file."), SettingField("other", \.other, "Another.")]
}

private struct Stores: Settings {
    var store = Store()
    static let fields: [SettingField<Self>] = [SettingField("store", \.store, "A store.")]
}

@Suite struct SettingsTests {
    @Test func `a path that is a default starts at the folder of the file too`() {
        #expect(Decoding(Store.self, .mapping([:])).value?.file.path == "/base/data/a")
        #expect(Decoding(Store.self, .mapping(["file": .plain("null")])).value?.file.path == "/base/data/a")
        #expect(Decoding(Store.self, .mapping(["file": .plain("b")])).value?.file.path == "/base/b")
        #expect(Decoding(Stores.self, .mapping([:])).value?.store.file.path == "/base/data/a")
        #expect(Store.fields[0].defaultText == "data/a")
    }

    private func messages(_ node: ConfigurationNode) -> [String] { Decoding(Outer.self, node).diagnostics.map(\.message) }

    @Test func `what is not given has its default`() {
        let value = Decoding(Outer.self, .mapping(["name": .plain("n")])).value
        #expect(value?.inner.high == 2 && value?.wait == .seconds(5))
    }

    @Test func `null goes back to the default`() {
        #expect(Decoding(Outer.self, .mapping(["name": .plain("n"), "wait": .plain("~")])).value?.wait == .seconds(5))
        #expect(Decoding(Inner.self, .plain("")).value?.low == 1)
    }

    @Test func `a key that has to be there is missed, even in nothing`() {
        #expect(messages(.mapping([:])) == ["x: 'name' is missing"])
        #expect(messages(.plain("null")) == ["x: 'name' is missing"])
        #expect(messages(.mapping(["name": .plain("null")])) == ["x.name: expected text, got nothing"])
    }

    @Test func `everything wrong is told at once`() {
        let node = ConfigurationNode.mapping([
            "naem": .plain("a"), "wait": .plain("2h"), "inner": .mapping(["low": .plain("-1"), "high": .plain("x"), "mid": .plain("1")]),
            "parts": .list(.mapping(["low": .plain("5"), "high": .plain("3")]), .plain("y")),
        ])
        #expect(
            messages(node) == [
                "unknown key 'naem' in x", "x.wait: '2h' is out of range", "x.inner.low: '-1' is out of range",
                "x.inner.high: expected an integer, got 'x'", "unknown key 'mid' in x.inner", "x.parts[0].low: above high",
                "x.parts[1]: expected a mapping, got 'y'", "x: 'name' is missing",
            ])
    }

    @Test func `a warning does not cost the value`() {
        let decoding = Decoding(Outer.self, .mapping(["name": .plain("odd"), "key": .plain("hunter2")]))
        #expect(decoding.value?.name == "odd")
        #expect(decoding.diagnostics.map(\.severity) == [.warning, .warning])
    }

    @Test func `a comparison inside does not hide one around it`() {
        let node = ConfigurationNode.mapping(["name": .plain("bad"), "inner": .mapping(["low": .plain("3", line: 4)])])
        let decoding = Decoding(Outer.self, node)
        #expect(decoding.value == nil)
        #expect(decoding.diagnostics.map(\.message) == ["x.inner.low: above high", "x.name: is bad"])
        #expect(decoding.diagnostics[0].notes == [.init("high has its default")])
        #expect(decoding.diagnostics[1].notes == [.init("low set", at: SourcePlace(.file("f.yaml"), line: 4, column: 10))])
    }

    @Test func `a layer by itself is not asked for what is missing`() {
        var decoder = SettingsDecoder(baseFolder: "/")
        decoder.isLayer = true
        #expect(Outer.decode(.mapping(["inner": .mapping(["low": .plain("5")])]), &decoder) != nil)
        #expect(decoder.diagnostics.isEmpty)
    }

    @Test func `an unknown key has the nearest name, or all of them`() {
        #expect(Decoding(Inner.self, .mapping(["hihg": .plain("1")])).help == "did you mean 'high'?")
        #expect(Decoding(Inner.self, .mapping(["LOW": .plain("1")])).help == "did you mean 'low'?")
        #expect(Decoding(Inner.self, .mapping(["low:5": .plain("")])).help == "put a space after the colon: `low: 5`")
        #expect(Decoding(Inner.self, .mapping(["medium": .plain("1")])).help == "it takes: high, low")
        #expect(Decoding(NoSettings.self, .mapping(["medium": .plain("1")])).help == "it takes no settings")
    }

    @Test func `fields say what a schema and a reference need`() throws {
        guard case .mapping(let keys) = Outer.schema else {
            Issue.record("no mapping")
            return
        }
        #expect(keys.map(\.name) == ["name", "wait", "inner", "parts", "key"])
        #expect(keys.map(\.isRequired) == [true, false, false, false, false])
        #expect(keys.map(\.defaultText) == [nil, "5s", nil, "[]", "null"])
        #expect(keys[1].bounds.map { "\($0)" } == "1s to 1m")
        #expect(keys[0].environment == .plain("NAME"))
        #expect(keys.map(\.schema.isSecret) == [false, false, false, false, true])
        #expect(keys[1].schema.title == "a duration such as 30s, or null")
    }

    @Test func `a value can keep its place`() {
        let rules = Decoding([Placed<Inner>].self, .list(.mapping(["low": .plain("1")], line: 7), .mapping([:], line: 8))).value
        #expect(rules?.map { $0.place?.line } == [7, 8])
        #expect(Decoding(Placed<Int>.self, .plain("x")).code == .wrongType)
    }

    @Test func `settings are shown as a mapping, secrets as stars`() {
        var value = Outer()
        value.key = Secret("hunter2")
        #expect(value.settingText == "{name: \"\", wait: 5s, inner: {low: 1, high: 2}, parts: [], key: ***}")
    }

    @Test func `a key that is as long as a value may be is cut in messages`() {
        let key = String(repeating: "k", count: 64 << 10)
        let found = Decoding([String: Int].self, .mapping([key: .plain("x")]))
        #expect(found.diagnostics.first?.message == "x.\(key.prefix(60))…: expected an integer, got 'x'")
    }
}
