import GatewayKit
import GatewayTestKit
import Testing

struct QuietHoursTests {
    @Test(
        arguments: [
            ("{}", 6, true, false), ("{}", 22, false, true), ("{}", 24, true, true), ("{from: 1, to: 3}", 1, false, true),
            ("{from: 1, to: 3}", 3, true, false), ("{from: 0, to: 23}", 24, false, true), ("{from: 5, to: 5}", 5, false, false),
        ])
    func `an hour begins and ends to the millisecond`(_ settings: String, _ hour: Int, _ before: Bool, _ after: Bool) throws {
        let tester = ModuleTester()
        let module = try tester.make(QuietHours.self, settings)
        tester.advance(by: .seconds(hour * 3600) - .milliseconds(1))
        #expect(try isRefused(.publish, by: module, tester) == before)
        tester.advance(by: .milliseconds(1))
        #expect(try isRefused(.publish, by: module, tester) == after)
    }

    @Test(arguments: [Command.Action.subscribe, .unsubscribe, .ingress])
    func `at night everything else goes on`(_ action: Command.Action) throws {
        let tester = ModuleTester()
        #expect(try !isRefused(action, by: tester.make(QuietHours.self), tester))
    }

    @Test func `a simulation names the hours`() throws {
        let tester = ModuleTester()
        let module = try tester.make(QuietHours.self)
        let command = Command(.publish, try TopicPattern("a"))
        let connection = tester.connect().connection
        let refusal = Rejection(.forbidden, "No")
        let explanation = module.explain(.command(command, .refuse(refusal)), connection)
        #expect(explanation == StageExplanation("it is quiet from 22 to 6", setting: "from"))
        #expect(module.explain(.command(command, .proceed), connection) == nil)
    }

    @Test func `a client is refused until the morning`() async throws {
        try await TestGateway.with(QuietHours.self) { gateway in
            let client = try await gateway.connect()
            try await client.authenticate("alice")
            client.publish("chat", "Hello")
            try await client.expectError(403, "quiet_hours")
            gateway.advance(by: .seconds(6 * 3600))
            try await client.publishAcknowledged("chat", "Hello")
        }
    }

    @Test(arguments: ModuleConformance<QuietHours>.checks)
    func `it does what every module has to do`(check: ModuleConformance<QuietHours>.Check) async throws {
        try await ModuleConformance(QuietHours.self, changed: "{from: 1}").run(check)
    }

    private func isRefused(_ action: Command.Action, by module: QuietHours, _ tester: ModuleTester) throws -> Bool {
        var command = Command(action, try TopicPattern("a"))
        return !module.route(&command, tester.connect(userID: "alice").connection).proceeds
    }
}
