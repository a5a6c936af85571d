import Fuzzing
import GatewayKit

@testable import GatewayConfiguration

/// What must hold of a whole configuration: with profiles, variables, and the modules that the golden cases name.
enum LoadingCheck {
    private static let secret = "correct-horse-battery-staple-of-32-bytes"

    static func run(_ bytes: [UInt8]) {
        for profile in [nil, "prod"] {
            var request = ConfigurationRequest(
                file: "fuzz.yaml", text: bytes, profile: profile, environment: ["JWT_SECRET": secret, "WEBSOCKET_PORT": "4000"],
                overrides: ["log.level=debug"])
            request.checksAllProfiles = profile == nil
            check(ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all))
        }
    }

    private static func check(_ result: ConfigurationResult<TestCore>) {
        let diagnostics = result.diagnostics
        require(result.isValid != diagnostics.contains { $0.severity == .error }, "usable with errors, or unusable without one")
        let places = diagnostics.map(\.place).filter { $0.line > 0 }
        let lines = result.source?.lineCount ?? 0
        require(places.allSatisfy { $0.line <= lines && $0.column > 0 }, "a finding outside the text")
        require(zip(places, places.dropFirst()).allSatisfy { ($0.line, $0.column) <= ($1.line, $1.column) }, "findings out of order")
        let renderer = DiagnosticRenderer(result)
        require(!renderer.human(diagnostics).contains(secret), "a finding shows a secret")
        require(!renderer.json(diagnostics).contains(secret), "a finding as JSON shows a secret")
        guard let loaded = result.configuration else { return }
        require(!isShown(ConfigurationExplanation(loaded, modules: FakeModules.all).values), "the explanation shows a secret")
        _ = PipelineExplanation(loaded)
    }

    private static func isShown(_ values: [ExplainedValue]) -> Bool {
        values.contains { value in
            switch value.content {
            case .value(let text): text.contains(secret)
            case .mapping(let values): isShown(values)
            case .list(let elements): elements.contains { $0.text.contains(secret) }
            }
        }
    }
}
