import Foundation
import GatewayTestKit
import Testing

/// The Autobahn cases against the program that people run.
struct ConformanceSpec {
    // Promise: framing.conformance
    @Test func `the Autobahn cases pass, all but those on performance and compression`() async throws {
        let gateway = try await GatewayProcess(configuration: packageRoot.appending(path: "Tests/Conformance/gateway.yaml"))
        let reports = FileManager.default.temporaryDirectory.appending(path: "spec-autobahn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: reports) }
        let suite = try Program(
            "kosoku", ["ws://127.0.0.1:\(gateway.port)/", "-x", "9.*", "-x", "12.*", "-x", "13.*", "-o", reports.path],
            from: "the Python package kosoku (Tests/requirements.txt)")
        #expect(try await suite.exitCode() == 0, "\(suite.text)")
        let cases = try JSON(parsing: String(contentsOf: reports.appending(path: "index.json"), encoding: .utf8)).members?.values.first?
            .members
        #expect(cases?.count ?? 0 >= 240)
        for (name, result) in cases ?? [:] {
            #expect(["OK", "NON-STRICT", "INFORMATIONAL"].contains(result["behavior"]?.string), "case \(name)")
        }
        gateway.program.terminate()
        #expect(try await gateway.program.exitCode() == 0, "\(gateway.program.text)")
    }
}
