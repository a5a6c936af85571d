import GatewayKit
import GatewayTestKit
import Testing

/// Every check finds something in a module that is bad in that one thing.
struct ModuleConformanceTests {
    /// A bad module, the check that has to find it, and a part of what that has to say.
    struct BadCase: Sendable, CustomStringConvertible {
        let check: String
        let complaint: String
        private let run: @Sendable () async throws -> Void

        init<Bad: Module>(
            _ module: Bad.Type, settings: String = "{}", token: String? = nil, patience: Duration = .seconds(60), _ check: String,
            _ complaint: String
        ) {
            self.check = check
            self.complaint = complaint
            description = "\(Bad.self): \(check)"
            run = {
                let found = try #require(ModuleConformance<Bad>.checks.first { $0.name == check })
                try await ModuleConformance(Bad.self, settings: settings, token: token, patience: patience).run(found)
            }
        }

        let description: String

        /// What the check says; nil where it finds nothing.
        func message() async throws -> String? {
            do {
                try await run()
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    @Test(arguments: BadCase.all)
    func `a bad module is found`(bad: BadCase) async throws {
        let message = try #require(await bad.message(), "nothing was found")
        #expect(message.contains(bad.complaint), "\(message)")
    }

    @Test func `there is a bad module for every check`() {
        // A verdict of the deliver stage has no form: all that can go wrong there ends the process.
        let untestable = "deliver: every size gets a verdict, whatever is queued"
        #expect(Set(BadCase.all.map(\.check)).union([untestable]) == Set(ModuleConformance<Everything>.checks.map(\.name)))
    }

    @Test(arguments: ModuleConformance<Everything>.checks)
    func `a module that does nothing in every stage conforms`(check: ModuleConformance<Everything>.Check) async throws {
        try await ModuleConformance(Everything.self, settings: "{name: a, size: 1}", token: "good").run(check)
    }

    @Test(arguments: ModuleConformance<Needy>.checks)
    func `a module that needs another one conforms beside it`(check: ModuleConformance<Needy>.Check) async throws {
        try await ModuleConformance(
            Needy.self, settings: "{file: word.txt}", beside: [(Giver.self, "{word: given}")], files: ["word.txt": "given"]
        ).run(check)
    }

    @Test(arguments: ModuleConformance<Impatient>.checks)
    func `a module whose shortest deadline nobody keeps conforms`(check: ModuleConformance<Impatient>.Check) async throws {
        try await ModuleConformance(Impatient.self, settings: "{later_timeout: 60s}").run(check)
    }

    @Test func `a module without what it needs is refused as in gateway.yaml`() async throws {
        let check = try #require(ModuleConformance<Needy>.checks.last)
        let error = await #expect(throws: BadConfiguration.self) { try await ModuleConformance(Needy.self).run(check) }
        #expect(error?.description.contains("needy needs word, which no module of the pipeline provides") == true)
    }

    @Test func `only the checks of stages that a module serves are asked`() {
        let names = ModuleConformance<Nothing>.checks.map(\.name)
        #expect(names.contains("its declarations are complete") && names.contains("a trial makes no file"))
        let others = ["accept:", "auth:", "deliver:", "http:", "admin:", "hooks:"]
        #expect(!names.contains { name in others.contains { name.hasPrefix($0) } })
    }
}
