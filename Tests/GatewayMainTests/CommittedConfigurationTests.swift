import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayServer
import Testing

@testable import GatewayMain

/// The repository's gateway.yaml.
@Suite struct CommittedConfigurationTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../gateway.yaml").standardized.path
    private static let variables = ["JWT_SECRET": String(repeating: "s", count: 32), "APP_ORIGIN": "https://app.example.com"]

    private func load(_ profile: String?, _ environment: [String: String] = variables) -> ConfigurationResult<CoreSettings> {
        let request = ConfigurationRequest(file: Self.file, profile: profile, environment: environment)
        return ConfigurationLoader.load(CoreSettings.self, request, modules: BuiltInModules.all)
    }

    @Test(arguments: [nil, "dev", "bench", "staging", "prod"])
    func `every profile is right, without a warning`(_ profile: String?) {
        #expect(load(profile).diagnostics.isEmpty)
    }

    @Test(arguments: ["dev", "bench"])
    func `a profile for this machine needs no variable and listens on loopback`(_ profile: String) throws {
        let configuration = try #require(load(profile, [:]).configuration)
        #expect(configuration.core.server.host == "127.0.0.1")
    }

    @Test(arguments: [nil, "staging", "prod"])
    func `elsewhere a missing secret is an error that says how to give one`(_ profile: String?) throws {
        let result = load(profile, ["APP_ORIGIN": "https://app.example.com"])
        #expect(result.configuration == nil)
        let finding = try #require(result.diagnostics.first { $0.code == .unsetVariable })
        #expect(finding.message.contains("JWT_SECRET"))
        #expect(finding.help?.contains("openssl rand") == true)
    }

    @Test(arguments: ["staging", "prod"])
    func `what faces the world is strict and logs JSON`(_ profile: String) throws {
        let configuration = try #require(load(profile).configuration)
        #expect(configuration.isStrict)
        #expect(configuration.core.log.format == .json)
    }

    @Test func `it shows every key of the core with its default`() throws {
        let root = try #require(load(nil).configuration).root
        for key in SettingReference.list(CoreSettings.schema) {
            guard let defaultText = key.defaultText, !key.path.hasPrefix("server.tls."),
                // A socket and a token are nothing that a program can choose for everybody.
                !["admin.socket", "admin.token"].contains(key.path)
            else { continue }
            #expect(normal(shown(root, key.path)) == defaultText, "\(key.path)")
        }
    }

    @Test(arguments: BuiltInModules.all.map { $0.name })
    func `it shows the defaults of every module`(_ name: String) throws {
        let root = try #require(load(nil).configuration).root
        let type = try #require(BuiltInModules.all.first { $0.name == name })
        for key in ModuleReference(type: type).settings where !key.path.contains(".") && !key.path.contains("[") {
            let path = "\(name).\(key.path)"
            guard let defaultText = key.defaultText, !Self.examples.contains(path) else { continue }
            let text = shown(root, "modules.\(path)")
            #expect(Self.alternatives.contains(path) ? text == nil : normal(text) == defaultText, "modules.\(path)")
        }
    }

    /// What the file shows with another value than the default.
    private static let examples: Set = ["jwt.secret", "authorization.rules"]
    /// What only a comment of the file names: a key is given in one of these ways.
    private static let alternatives: Set = ["jwt.secret_file", "jwt.create_secret", "jwt.public_keys", "jwt.jwks", "jwt.private_key"]

    /// The value under a path as gateway.yaml would write it; nil where the file has none.
    private func shown(_ root: ConfigurationNode, _ path: String) -> String? {
        let node = path.split(separator: ".").reduce(root as ConfigurationNode?) { node, key in node?[String(key)] }
        return node.map(text)
    }

    /// Durations in the form that defaults have: 60s is 1m.
    private func normal(_ text: String?) -> String? {
        guard let text else { return nil }
        var decoder = SettingsDecoder(baseFolder: "/")
        let node = ConfigurationNode(.scalar(text, isPlain: true), at: SourcePlace(.file("gateway.yaml")))
        return Duration.decode(node, &decoder)?.settingText ?? text
    }

    private func text(_ node: ConfigurationNode) -> String {
        switch node.content {
        case .scalar(let text, let isPlain): isPlain ? text : text.settingText
        case .sequence(let nodes): "[\(nodes.map(self.text).joined(separator: ", "))]"
        case .mapping(let entries): "{\(entries.map { "\($0.key): \(self.text($0.value))" }.joined(separator: ", "))}"
        }
    }
}
