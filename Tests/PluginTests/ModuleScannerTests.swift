import Testing

@testable import RegistryTool

/// The list of modules at build time.
@Suite struct ModuleScannerTests {
    private func names(_ text: String) -> [String] {
        ModuleScanner.modules(in: "import GatewayKit\n" + text, path: "A.swift").map(\.name)
    }

    private func firstProblem(in text: String) -> String? {
        ModuleScanner.modules(in: text, path: "A.swift").compactMap(\.problem).first
    }

    @Test(
        arguments: [
            "struct A: RouteStage {}", "public final class A: Sendable, AuthStage {}", "actor A: HandshakeStage\n{}",
            "struct A {}\nextension A: DeliverStage {}", "@frozen public struct A: GatewayKit.FrameStage {}",
            "struct A: AcceptStage where Never: Sendable {}", "/* struct B: RouteStage {} */ struct A: Module {}",
            "// struct B: RouteStage {}\nstruct A: PubSubAdapter {}", "let text = \"struct B: RouteStage {\"\nstruct A: RouteStage {}",
            "let text = \"\"\"\nstruct B: RouteStage { \"quoted\" \n\"\"\"\nstruct A: RouteStage {}",
            "let text = #\"a \" { b\"#\nstruct A: RouteStage {}", "let text = \"a \\(f(\"{\")) b\"\nstruct A: RouteStage {}",
            "struct A: HTTPModule {}", "struct A: EventHooks {}", "private func f() {}\nstruct A: RouteStage {}",
            "class B { class func f() {} }\nstruct A: RouteStage {}",
        ])
    func `a type that names a stage protocol is a module`(_ text: String) {
        #expect(names(text) == ["A"])
    }

    @Test(
        arguments: [
            "struct A {}", "struct A: Sendable {}", "protocol A: RouteStage {}", "struct A: RouteStageTests {}",
            "struct A<Value: RouteStage> {}", "func f() { struct A: RouteStage {} }", "struct A where B: RouteStage {}", "",
        ])
    func `anything else is none`(_ text: String) {
        #expect(names(text) == [])
    }

    @Test(arguments: ["struct Foundation.Date", "class A.B", "enum A.B", "protocol A.B", "func A.B", "struct GatewayKit.Topic"])
    func `an import of one declaration hides no module`(_ what: String) {
        let text = "import GatewayKit\nimport \(what)\n\npublic struct A: RouteStage {}\n"
        #expect(ModuleScanner.modules(in: text, path: "A.swift") == [FoundModule(name: "A", problem: nil)])
    }

    @Test func `a nested module has the names of the types around it`() {
        #expect(
            names("enum Chat { struct Filter: RouteStage {} }\nextension Chat.Inner { final class Log: DeliverStage {} }") == [
                "Chat.Filter", "Chat.Inner.Log",
            ])
    }

    @Test(arguments: ["private struct A: RouteStage {}", "fileprivate enum Chat { struct A: RouteStage {} }"])
    func `a private module is an error with its place`(_ text: String) throws {
        let problem = try #require(firstProblem(in: "import GatewayKit\n" + text))
        #expect(problem.hasPrefix("A.swift:2: error: "))
        #expect(problem.contains("private"))
    }

    @Test func `a generic module is an error`() throws {
        #expect(try #require(firstProblem(in: "import GatewayKit\nstruct A<Value>: RouteStage {}")).contains("generic"))
    }

    @Test func `a module without the kit is an error that says what to write`() throws {
        #expect(try #require(firstProblem(in: "struct A: RouteStage {}")).contains("import GatewayKit"))
    }

    @Test(arguments: ["\"", "\"\"\"", "/*", "#\"", "`", "struct", "struct A: RouteStage", "\"\\(", "}}}", "{{{", "extension A."])
    func `a file that breaks off is read to its end`(_ text: String) {
        #expect(names(text) == [])
    }

    @Test func `the list names each module once, in order`() {
        let modules = ["B", "A", "B"].map { FoundModule(name: $0, problem: nil) }
        let text = ModuleList.text(modules)
        #expect(text.contains("[any Module.Type] = [\n    A.self,\n    B.self,\n"))
    }
}
