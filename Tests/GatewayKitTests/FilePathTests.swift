import GatewayKit
import Testing

struct FilePathTests {
    private struct Inner: Settings {
        var file = FilePath("inner.pem")
        static let fields: [SettingField<Self>] = [SettingField("file", \.file, "A file.")]
    }

    private struct Outer: Settings {
        var file = FilePath("data/outer.sqlite")
        var other: FilePath? = FilePath("/etc/other.pem")
        var inner = Inner()
        static let fields: [SettingField<Self>] = [
            SettingField("file", \.file, "A file."), SettingField("other", \.other, "Another."), SettingField("inner", \.inner, "More."),
        ]
    }

    private func decode(_ entries: [(String, String)] = []) -> Outer? {
        let place = SourcePlace(.environment("TEST"))
        let entries = entries.map { key, text in
            ConfigurationNode.Entry(key: key, keyPlace: place, value: ConfigurationNode(.scalar(text, isPlain: true), at: place))
        }
        var decoder = SettingsDecoder(baseFolder: "/srv/gateway")
        return Outer.decode(ConfigurationNode(.mapping(entries), at: place), &decoder)
    }

    @Test func `a relative default starts at the folder of the configuration, like a path that is given`() {
        #expect(decode()?.file.path == "/srv/gateway/data/outer.sqlite")
        #expect(decode([("file", "null")])?.file.path == "/srv/gateway/data/outer.sqlite")
        #expect(decode([("file", "here.sqlite")])?.file.path == "/srv/gateway/here.sqlite")
        #expect(decode([("file", "/srv/there.sqlite")])?.file.path == "/srv/there.sqlite")
    }

    @Test func `so does one in a mapping inside, and an absolute one stays`() {
        #expect(decode()?.inner.file.path == "/srv/gateway/inner.pem")
        #expect(decode()?.other?.path == "/etc/other.pem")
    }

    @Test func `a default is shown as it stands in the code`() {
        #expect(Outer.fields.map(\.defaultText) == ["data/outer.sqlite", "/etc/other.pem", nil])
    }
}
