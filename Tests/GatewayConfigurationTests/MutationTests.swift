import Foundation
import GatewayConfiguration
import GatewayKit
import GatewayTestKit
import Testing

/// A good file with random changes: what somebody saves half-way through editing.
@Suite struct MutationTests {
    @Test func `a changed file is loaded or refused, and findings are sorted and inside it`() throws {
        let text = try String(contentsOf: GoldenTests.folder.appendingPathComponent("good-full.yaml"), encoding: .utf8)
        let original = Array(text.unicodeScalars)
        let pieces = Array(":{}[]\"'#*&!|>-?,\n\t $%@0aé\u{A0}".unicodeScalars)
        var random = SeededRandom(seed: 23)
        for round in 0..<1500 {
            var scalars = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { change(&scalars, pieces, &random) }
            let bytes = Array(String(String.UnicodeScalarView(scalars)).utf8)
            var request = ConfigurationRequest(
                file: "gateway.yaml", text: bytes, environment: ["JWT_SECRET": String(repeating: "s", count: 32)])
            request.profile = [nil, "dev", "prod", "staging"][round % 4]
            request.checksAllProfiles = round.isMultiple(of: 2)
            let result = ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all)
            #expect(result.isValid == !result.diagnostics.contains { $0.severity == .error })
            let places = result.diagnostics.map(\.place).filter { $0.line > 0 }
            #expect(places.allSatisfy { $0.line <= result.source?.lineCount ?? 0 })
            #expect(zip(places, places.dropFirst()).allSatisfy { ($0.line, $0.column) <= ($1.line, $1.column) })
            #expect(!DiagnosticRenderer(result).human(result.diagnostics).contains("ssssssss"))
        }
    }

    private func change(_ scalars: inout [Unicode.Scalar], _ pieces: [Unicode.Scalar], _ random: inout SeededRandom) {
        let index = Int.random(in: 0..<scalars.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: scalars.remove(at: index)
        case 1: scalars.insert(pieces.randomElement(using: &random) ?? " ", at: index)
        case 2: scalars[index] = pieces.randomElement(using: &random) ?? " "
        default:
            let end = min(scalars.count, index + Int.random(in: 1...40, using: &random))
            scalars.insert(contentsOf: scalars[index..<end], at: Int.random(in: 0..<scalars.count, using: &random))
        }
    }
}
