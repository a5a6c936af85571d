import Foundation
import GatewayKit
import Testing

@testable import GatewayConfiguration

@Suite struct SchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    private static let schema = ConfigurationSchema(TestCore.self, modules: FakeModules.all).text

    /// Kinds of errors that can be seen in one file by itself.
    private static let visible: Set<DiagnosticCode> = [
        .unknownKey, .unknownChoice, .wrongType, .missingUnit, .unknownModule, .wrongStage, .outOfRange,
    ]

    /// Cases with such errors that a schema still cannot see: two values together, and what variables hold.
    private static let hidden: Set<String> = [
        "cross-field", "cross-field-across-sections", "secret-login-template", "variable-is-never-yaml", "variable-secret-is-not-shown",
        "variables",
    ]

    /// A case's file as JSON, and what the loader finds in the file itself.
    private static func load(_ name: String) throws -> (json: String?, findings: [Diagnostic]) {
        let text = try Data(contentsOf: GoldenTests.folder.appending(path: "\(name).yaml"))
        let (node, syntax) = YAMLReader.read(bytes: Array(text), file: "gateway.yaml")
        guard let node, !syntax.contains(where: { $0.severity == .error }) else { return (nil, []) }
        let result = ConfigurationLoader.load(TestCore.self, GoldenTests.request(name, Array(text)), modules: FakeModules.all)
        let findings = result.diagnostics.filter { finding in
            if case .file = finding.place.origin { finding.severity == .error } else { false }
        }
        return (SchemaNode(node).text, findings)
    }

    /// The committed schema and the committed configuration, as text.
    private static func committed() throws -> (schema: String, configuration: String) {
        try (
            String(contentsOf: root.appending(path: "docs/gateway.schema.json"), encoding: .utf8),
            String(contentsOf: root.appending(path: "gateway.yaml"), encoding: .utf8)
        )
    }

    private static func json(_ yaml: String) throws -> String {
        let (node, findings) = YAMLReader.read(bytes: Array(yaml.utf8), file: "gateway.yaml")
        return SchemaNode(try #require(node, "\(findings)")).text
    }

    @Test func `gateway.yaml fits the schema that it names`() throws {
        let (schema, configuration) = try Self.committed()
        #expect(configuration.hasPrefix("# yaml-language-server: $schema=docs/gateway.schema.json\n"))
        #expect(try SchemaValidator.findings(in: ["file": Self.json(configuration)], against: schema) == ["file": []])
    }

    @Test func `a slip in gateway.yaml does not fit`() throws {
        let (schema, configuration) = try Self.committed()
        let slips = [
            ("port: 3000 ", "prot: 3000 "), ("port: 3000 ", "port: 70000 "), ("port: 3000 ", "port: \"3000\" "),
            ("ping_interval: 30s", "ping_interval: 30000"), ("ping_interval: 30s", "ping_interval: 30 s"), ("1MiB   ", "1mb   "),
            ("enabled: true    ", "enabled: yes    "), ("level: info", "level: inof"), ("event_loops: auto", "event_loops: 0"),
            ("accept: [ip_cap]", "accept: [origin]"), ("accept: [ip_cap]", "accept: [ip_cap, ip_cap]"),
            ("accept: [ip_cap]", "accept: ip_cap"),
            ("accept: [ip_cap]", "acept: [ip_cap]"), ("pubsub: memory", "pubsub: [memory]"), ("pubsub: memory", "pubsub: kafka"),
            ("  rate_limit:\n", "  rate_limit/:\n"), ("  rate_limit:\n", "  rate_limt:\n"), ("rate: 50/s\n", "rate: 50\n"),
            ("per: connection", "per: address"), ("wildcards: filter", "mode: watch"), ("on_full: close", "mode: observe"),
            ("      - {allow: [subscribe], topics", "      - {alow: [subscribe], topics"),
            ("      - {allow: [subscribe], topics", "      - {allow: [subscribe], topic"), ("{method: POST, path", "{method: FETCH, path"),
            ("extends: prod", "extends: [prod]"), ("    strict: true", "    strict: 1"), ("version: 1", "version: 2"),
            ("    server: {host: 127.0.0.1}\n    limits", "    server: {hots: 127.0.0.1}\n    limits"),
            ("\nlog:\n", "\nlogs:\n"), ("trusted_proxies: []", "trusted_proxies: [everybody]"),
        ]
        var values: [String: String] = [:]
        for (index, (right, wrong)) in slips.enumerated() {
            let text = configuration.replacing(right, with: wrong, maxReplacements: 1)
            #expect(text != configuration, "\(right)")
            values["\(index)"] = try Self.json(text)
        }
        let verdicts = try SchemaValidator.findings(in: values, against: schema)
        #expect(verdicts.count == slips.count)
        for (index, slip) in slips.enumerated() { #expect(verdicts["\(index)"]?.isEmpty == false, "\(slip)") }
    }

    @Test func `what other layers may have is not asked for, and what a list holds is whole`() throws {
        let files = [
            "empty": "version: 1", "null": "server: null\nmodules: {jwt: null}\nprofiles: {dev: null}",
            "partial": "profiles: {prod: {extends: base, strict: true, server: {port: 1}, modules: {rate_limit/one: {rate: 5/s}}}}",
            "accounts without what is required": "modules: {accounts: {}}",
            "variable": "server: {port: \"${PORT}\", enabled: \"${ON:-true}\"}",
            "entry": "modules: {size_limit: {topics: [{match: \"a.**\", max_message: 1KiB}]}}",
            "entry without max_message": "modules: {size_limit: {topics: [{match: \"a.**\"}]}}",
            "profiles in a profile": "profiles: {a: {profiles: {}}}", "version in a profile": "profiles: {a: {version: 1}}",
        ]
        let misfits = try SchemaValidator.findings(in: files.mapValues(Self.json), against: Self.schema).filter { !$0.value.isEmpty }
        #expect(misfits.keys.sorted() == ["entry without max_message", "profiles in a profile", "version in a profile"])
    }

    @Test func `every key has its documentation, and a secret has no default`() throws {
        #expect(Self.schema.contains("\"description\": \"The port. From 0 to 65535. The variable WEBSOCKET_PORT overrides it.\""))
        #expect(Self.schema.contains("\"token\": {\n"))
        #expect(!Self.schema.contains("***"))
        #expect(Self.schema.contains("\"default\": \"30s\""))
        #expect(Self.schema.contains("\"examples\": [\"50/s\", \"100/m\", \"1000/h\"]"))
    }

    @Test func `what the loader takes fits the schema, and what can be seen to be wrong does not`() throws {
        let cases = try Dictionary(uniqueKeysWithValues: GoldenTests.names.map { ($0, try Self.load($0)) })
        let verdicts = try SchemaValidator.findings(in: cases.compactMapValues(\.json), against: Self.schema)
        #expect(verdicts.count > 60)
        for (name, misfits) in verdicts.sorted(by: { $0.key < $1.key }) {
            let findings = cases[name]?.findings ?? []
            if findings.isEmpty {
                #expect(misfits.isEmpty, "\(name)")
            } else if findings.contains(where: { Self.visible.contains($0.code) }) {
                #expect(misfits.isEmpty == Self.hidden.contains(name), "\(name) \(findings.map { "\($0.place) \($0.message)" })")
            }
        }
    }
}
