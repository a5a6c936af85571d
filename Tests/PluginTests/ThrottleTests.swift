import Foundation
import GatewayKit
import GatewayTestKit
import Testing

/// The rate limiter that the guide shows.
@Suite struct ThrottleTests {
    private let tester = ModuleTester()

    @Test func `a connection has its burst, then its rate, and a reload keeps the level`() throws {
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
        let module = try tester.make(Throttle.self, "{rate: 1/s, burst: 1}")
        let client = tester.connect(userID: "alice")
        for action in [Command.Action.subscribe, .unsubscribe, .ingress] {
            for _ in 0..<10 {
                var command = Command(action, try TopicPattern("a"))
                #expect(module.route(&command, client.connection).proceeds)
            }
        }
    }

    @Test func `its declarations are complete`() { #expect(SettingsTester.defects(of: Throttle.self) == []) }

    @Test func `it has under 40 lines, and stands in the guide as it is`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Tests/PluginTests/Throttle.swift"), encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 40)
        let guide = try String(contentsOf: root.appending(path: "docs/plugins.md"), encoding: .utf8)
        #expect(guide.contains("```swift\n\(text)```"))
    }
}
