import GatewayConfiguration
import Testing

@testable import GatewayMain

/// What `gateway plugin new` says of gateway.yaml.
@Suite struct ConfigurationLinesTests {
    private func lines(_ stage: PluginStage, _ file: String?) async throws -> String {
        try await withPackage(file.map { ["gateway.yaml": $0] } ?? [:]) { folder in
            let template = stage.template(try PluginName("NightWatch"))
            return ConfigurationLines(try GatewayPackage(around: folder), stage.stage, template).text
        }
    }

    private let file = """
        version: 1
        pipeline:
          accept: [ip_cap, "turn/one"]
          route:
            - size_limit
            # always last
            - authorization
          pubsub: redis
          http: [accounts]
        modules:
          redis: {}
        profiles:
          dev:
            pipeline: {http: [accounts, playground]}
          prod: {}
        """

    @Test(
        arguments: [
            (PluginStage.accept, "  accept: [night_watch, ip_cap, turn/one]    # in place of line 3"),
            (.route, "  route: [size_limit, authorization, night_watch]  # in place of lines 5 to 7"),
            (.frame, "  route: [size_limit, authorization, night_watch]  # in place of lines 5 to 7"),
            (.pubsub, "  pubsub: night_watch             # in place of line 8"), (.deliver, "  deliver: [night_watch]"),
        ])
    func `a list keeps what it has`(_ stage: PluginStage, _ line: String) async throws {
        let text = try await lines(stage, file)
        #expect(text.split(separator: "\n")[..<2] == ["pipeline:", line[...]])
    }

    @Test func `a profile with a list of its own gets the module too`() async throws {
        #expect(
            try await lines(.http, file) == """
                pipeline:
                  http: [accounts, night_watch]                  # in place of line 9
                modules:
                  night_watch: {path: /night-watch}              # under line 10
                profiles:
                  dev:
                    pipeline:
                      http: [accounts, playground, night_watch]  # in place of line 14
                """)
    }

    @Test(arguments: [nil, "", "pipeline: [", "version: 1", "pipeline: {route: x}\nmodules: 5\nprofiles: [a]"])
    func `a file that says nothing, or cannot be read, has no lines to replace`(_ file: String?) async throws {
        let text = try await lines(.deliver, file)
        #expect(text.hasPrefix("pipeline:\n  deliver: [night_watch]\nmodules:\n  night_watch: {topics: [\"typing.**\"]}"))
    }

    @Test(arguments: PluginStage.allCases) func `it is YAML`(_ stage: PluginStage) async throws {
        let (root, diagnostics) = YAMLReader.read(bytes: Array(try await lines(stage, file).utf8), file: "gateway.yaml")
        #expect(root != nil && diagnostics.isEmpty)
    }
}
