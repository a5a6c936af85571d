import GatewayKit
import Testing

@Suite struct SourcePlaceTests {
    @Test func `a place is named as people write it`() {
        #expect("\(SourcePlace(.file("gateway.yaml"), line: 26, column: 5))" == "gateway.yaml:26:5")
        #expect("\(SourcePlace(.file("gateway.yaml")))" == "gateway.yaml")
        #expect("\(SourcePlace(.environment("WEBSOCKET_PORT")))" == "environment WEBSOCKET_PORT")
        #expect("\(SourcePlace(.commandLine("--set server.port")))" == "--set server.port")
    }

    @Test func `a place has at least one character`() {
        #expect(SourcePlace(.file("f"), line: 1, column: 1, length: -3).length == 1)
    }

    @Test func `codes of findings are words with dashes, each once`() {
        let names = DiagnosticCode.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 } })
    }

    @Test func `a path leads into a node or nowhere`() {
        let node = ConfigurationNode.mapping(["a": .mapping(["b": .plain("1")])])
        #expect(node[path: ["a", "b"]]?.summary == "'1'")
        #expect(node[path: ["a", "c"]] == nil && node[path: ["a", "b", "c"]] == nil)
    }
}
