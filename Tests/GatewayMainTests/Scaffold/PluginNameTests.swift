import Foundation
import GatewayKit
import Testing

@testable import GatewayMain

/// What a plugin may be called, and what it is called then.
@Suite struct PluginNameTests {
    @Test(
        arguments: [
            ("QuietHours", "QuietHours", "quiet_hours"), ("quiet_hours", "QuietHours", "quiet_hours"),
            ("quiet-hours", "QuietHours", "quiet_hours"), ("quietHours", "QuietHours", "quiet_hours"),
            ("ip_allow_list", "IPAllowList", "ip_allow_list"), ("IPAllowList", "IPAllowList", "ip_allow_list"), ("ip", "IP", "ip"),
            ("IPv6Only", "IPv6Only", "ipv6_only"), ("ipv6-only", "IPv6Only", "ipv6_only"),
            ("oauth2_login", "OAuth2Login", "oauth2_login"), ("LegacyJWT", "LegacyJWT", "legacy_jwt"),
            ("HTTPServerPush", "HTTPServerPush", "http_server_push"), ("Top10", "Top10", "top10"), ("A", "A", "a"),
            ("ABTest", "ABTest", "ab_test"), ("MAINTENANCE", "MAINTENANCE", "maintenance"),
        ])
    func `a name gives the type and the key`(_ text: String, _ type: String, _ key: String) throws {
        let name = try PluginName(text)
        #expect(name.type == type)
        #expect(name.key == key)
    }

    @Test(arguments: BuiltInModules.all.map { (String(describing: $0), $0.name) })
    func `the built-in modules are called as plugins of their types would be`(_ type: String, _ key: String) throws {
        #expect(try PluginName(type).key == key)
    }

    @Test(arguments: ["", "_", "9lives", "über", "Größe", "a b", "a.b", "a/b", "../x", "Kelvin\u{212A}", "a\nb", "`x`", "Echo;"])
    func `what is no name of a type is refused with an example`(_ text: String) {
        let failure = #expect(throws: CommandFailure.self) { try PluginName(text) }
        #expect(failure?.message.hasSuffix("is no name for a Swift type") == true)
        #expect(failure?.help?.contains("QuietHours") == true)
        #expect(failure?.text.split(separator: "\n").count == 2)
    }

    @Test(arguments: ["Any", "self", "Type", "Protocol", "null", "True", "No", "off", "y"])
    func `words of Swift and of YAML are refused`(_ text: String) {
        let failure = #expect(throws: CommandFailure.self) { try PluginName(text) }
        #expect(failure?.message.contains("is a word of Swift or of YAML") == true)
    }

    @Test func `a name is long enough, and has an end`() throws {
        #expect(try PluginName(String(repeating: "a", count: 40)).type.count == 40)
        let failure = #expect(throws: CommandFailure.self) { try PluginName(String(repeating: "a", count: 5000)) }
        #expect(failure?.help == "use at most 40 letters")
        #expect((failure?.message.count ?? 5000) < 100)
    }

    @Test(
        arguments: [
            ("IPCap", "there is a module 'ip_cap' already: IPCapModule.IPCap"), ("jwt", "there is a module 'jwt' already"),
            ("Topic", "Sources/GatewayKit/Topics/Topic.swift is there already"),
            ("Verdict", "Sources/GatewayKit/Verdict.swift is there already"),
            ("TopicError", "'TopicError' is declared in Sources/GatewayKit/Topics/TopicSyntax.swift"),
            ("Received", "Sources/GatewayTestKit/Client/Received.swift is there already"),
            ("TestResponse", "'TestResponse' is declared in Sources/GatewayTestKit/Client/Received.swift"),
            ("Echo", "Plugins/Echo/Echo.swift is there already"),
            ("FileSwitch", "'FileSwitch' is declared in Plugins/MaintenanceMode/Switches.swift"),
            ("Switches", "Plugins/MaintenanceMode/Switches.swift is there already"),
            ("ModuleScanner", "Tests/PluginTests/ModuleScannerTests.swift is there already"),
            ("Plugin", "'PluginTests' is a name of Swift, of a library or of the build"),
            ("CompiledPlugins", "'CompiledPlugins' is a name of Swift, of a library or of the build"),
            ("ByteBuffer", "'ByteBuffer' is a name of Swift, of a library or of the build"),
            ("string", "'String' is a name of Swift, of a library or of the build"),
        ])
    func `a name that means something already is refused`(_ text: String, _ message: String) throws {
        let names = TakenNames(package: try GatewayPackage(around: Self.root), modules: BuiltInModules.all)
        let failure = #expect(throws: CommandFailure.self) { try names.check(PluginName(text)) }
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "nothing")")
        #expect(failure?.help?.hasPrefix("choose another name") == true)
    }

    @Test func `a module that is not built in yet has its name too`() async throws {
        try await withPackage([
            "Plugins/Night/Night.swift": "public struct Night: RouteStage { }\nextension Night { static let name = \"dark\" }"
        ]) {
            let names = TakenNames(package: try GatewayPackage(around: $0), modules: [])
            let failure = #expect(throws: CommandFailure.self) { try names.check(PluginName("Dark")) }
            #expect(failure?.message == "there is a module 'dark' already, in Plugins/Night/Night.swift")
            try names.check(PluginName("Light"))
        }
    }

    @Test func `only what is declared outside of all types is in the way`() {
        let text = """
            // struct Comment {}
            @frozen public final class Outer<Value> {
                struct Inner {}
            }
            public typealias Other = Int
            let structure = 1
            """
        #expect(TakenNames.declaration(of: ["Outer"], in: text) == "Outer")
        #expect(TakenNames.declaration(of: ["Other"], in: text) == "Other")
        for name in ["Comment", "Inner", "Value", "structure"] { #expect(TakenNames.declaration(of: [name], in: text) == nil) }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized.path
}
