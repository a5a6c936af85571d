import Foundation
import GatewayKit
import GatewayTestKit
import Testing

struct ThrottleTests {
    @Test func `a connection has its burst, then its rate, and a reload keeps the level`() throws {
        let tester = ModuleTester()
        let module = try tester.make(Throttle.self, "{rate: 2/s, burst: 3}")
        let client = tester.connect(userID: "alice")
        func publish(_ module: Throttle) throws -> Rejection? {
            var command = Command(.publish, try TopicPattern("a"))
            return module.route(&command, client.connection).refusal
        }
        for _ in 0..<3 { #expect(try publish(module) == nil) }
        #expect(try publish(module)?.retryAfter == .milliseconds(500))
        let reloaded = try tester.make(Throttle.self, "{rate: 2/s, burst: 3}")
        #expect(try publish(reloaded) != nil)
        tester.advance(by: .milliseconds(500))
        #expect(try publish(reloaded) == nil)
        #expect(try publish(reloaded) != nil)
    }

    @Test func `what is no publish costs nothing`() throws {
        let tester = ModuleTester()
        let module = try tester.make(Throttle.self, "{rate: 1/s, burst: 1}")
        let client = tester.connect(userID: "alice")
        for action in [Command.Action.subscribe, .unsubscribe, .ingress] {
            for _ in 0..<10 {
                var command = Command(action, try TopicPattern("a"))
                #expect(module.route(&command, client.connection).proceeds)
            }
        }
    }

    @Test func `it has under 40 lines`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Throttle.swift")
        #expect(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count < 40)
    }

    @Test(arguments: ModuleConformance<Throttle>.checks)
    func `it does what every module has to do`(check: ModuleConformance<Throttle>.Check) async throws {
        try await ModuleConformance(Throttle.self, settings: "{rate: 1/s, burst: 60}", changed: "{rate: 2/s}").run(check)
    }
}
