import Foundation
import GatewayConfiguration
import GatewayKit
import Testing

/// Each file `Cases/NAME.yaml` is loaded as gateway.yaml and its findings are compared with `Cases/NAME.expected`.
///
/// `Cases/NAME.request`, where it is, says what else was given: lines `profile NAME`, `environment NAME=VALUE`, `set PATH=VALUE`,
/// `all-profiles`. With GATEWAY_UPDATE_GOLDEN=1 in the environment the expected files are written anew.
@Suite struct GoldenTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

    @Test func `there are cases`() { #expect(Self.names.count > 60) }

    @Test(arguments: names) func `a case has its findings`(_ name: String) throws {
        let text = try Data(contentsOf: Self.folder.appendingPathComponent("\(name).yaml"))
        let result = ConfigurationLoader.load(TestCore.self, Self.request(name, Array(text)), modules: FakeModules.all)
        let renderer = DiagnosticRenderer(result)
        let shown = result.diagnostics.isEmpty ? renderer.summary([]) + "\n" : renderer.human(result.diagnostics)
        let expected = Self.folder.appendingPathComponent("\(name).expected")
        if ProcessInfo.processInfo.environment["GATEWAY_UPDATE_GOLDEN"] == "1" { try Data(shown.utf8).write(to: expected) }
        #expect(try shown == String(contentsOf: expected, encoding: .utf8))
        #expect(result.isValid == !result.diagnostics.contains { $0.severity == .error })
    }

    /// The file of a case with what else was given.
    static func request(_ name: String, _ text: [UInt8]) -> ConfigurationRequest {
        var request = ConfigurationRequest(file: "gateway.yaml", text: text)
        let given = try? String(contentsOf: folder.appendingPathComponent("\(name).request"), encoding: .utf8)
        for line in (given ?? "").split(separator: "\n") { apply(String(line), &request) }
        return request
    }

    private static func apply(_ line: String, _ request: inout ConfigurationRequest) {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        let value = parts.count > 1 ? parts[1] : ""
        switch parts.first {
        case "profile": request.profile = value
        case "set": request.overrides.append(value)
        case "all-profiles": request.checksAllProfiles = true
        case "environment":
            let pair = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            request.environment[pair[0]] = pair.count > 1 ? pair[1] : ""
        default: Issue.record("unknown request: \(line)")
        }
    }
}
