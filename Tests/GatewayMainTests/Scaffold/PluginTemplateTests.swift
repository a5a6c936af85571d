import Foundation
import GatewayKit
import Testing

@testable import GatewayMain

/// The files that plugins begin as; Tests/Scaffold/run builds and runs them.
@Suite struct PluginTemplateTests {
    private let longest: PluginName

    init() throws { longest = try PluginName("W" + String(repeating: "m", count: PluginName.maxLength - 1)) }

    @Test(arguments: PluginStage.allCases) func `no line is longer than the house style has it`(_ stage: PluginStage) {
        let template = stage.template(longest)
        for line in (template.module + template.test).split(separator: "\n") { #expect(line.count <= 140, "\(line)") }
    }

    @Test(arguments: PluginStage.allCases) func `a module is short`(_ stage: PluginStage) {
        let code = stage.template(longest).module.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        #expect(code.count < (stage == .pubsub ? 48 : 40))
    }

    @Test(arguments: PluginStage.allCases) func `nothing but the plugin's own types can be mistaken`(_ stage: PluginStage) throws {
        let template = stage.template(longest)
        let own = [longest.type, "\(longest.type)Settings", "\(longest.type)Tests", "Self"]
        let package = try GatewayPackage(around: URL(filePath: #filePath).deletingLastPathComponent().path)
        let kit = package.sources(["Sources/GatewayKit", "Sources/GatewayTestKit"])
        for type in Self.types(template.module + template.test) where !own.contains(type) && !TakenNames.foreign.contains(type) {
            if template.module.contains("private final class \(type): ") { continue }
            #expect(kit.contains { TakenNames.declaration(of: [type], in: $0.text) != nil }, "\(type) is free to be a plugin's name")
        }
    }

    @Test(arguments: PluginStage.allCases) func `its tests hold it to what every module has to do`(_ stage: PluginStage) {
        #expect(stage.template(longest).test.contains("@Test(arguments: ModuleConformance<\(longest.type)>.checks)\n"))
    }

    @Test(arguments: PluginStage.allCases) func `it stands in the stage that it is for`(_ stage: PluginStage) {
        let kinds: [PluginStage: String] = [
            .accept: "AcceptStage", .handshake: "HandshakeStage", .auth: "AuthStage", .route: "RouteStage", .frame: "FrameStage",
            .deliver: "DeliverStage", .pubsub: "PubSubAdapter", .http: "HTTPModule",
        ]
        let module = stage.template(longest).module
        #expect(module.contains("\(longest.type): \(kinds[stage] ?? "nothing") {\n"))
        #expect(module.contains("public static let name = \"\(longest.key)\"\n"))
    }

    /// The words with a capital that stand in code, and not behind a dot.
    private static func types(_ text: String) -> Set<String> {
        let code = text.split(separator: "\n").map { line in
            let line = line.drop { $0 == " " }
            return line.hasPrefix("//") ? "" : line.replacing(/`[^`]*`/, with: "").replacing(/"(\\.|[^"\\])*"/, with: "")
        }.joined(separator: "\n")
        return Set(code.matches(of: /(?:^|[^.A-Za-z0-9_])([A-Z][A-Za-z0-9_]*)/).map { String($0.1) })
    }
}
