import GatewayKit
import GatewayTestKit
import Testing

struct OpeningHoursTests {
    @Test func `what is left out has its default`() throws {
        let hours = try SettingsTester.settings(OpeningHours.self, "{days: [saturday, sunday], from: 10, notice: 1m}")
        #expect(hours.days == [.saturday, .sunday])
        #expect(hours.from == 10 && hours.to == 17)
        #expect(hours.notice == .seconds(60))
    }

    @Test(
        arguments: [
            ("{from: 17}", "to: it closes before it opens"), ("{from: 24}", "from: "), ("{days: [monday]}", "days[0]: "),
            ("{notice: 2h}", "notice: "), ("{notice: 5}", "notice: "),
        ])
    func `what cannot be is an error at its key`(_ text: String, _ message: String) {
        let errors = SettingsTester.decode(OpeningHours.self, text).diagnostics.filter { $0.severity == .error }.map(\.message)
        #expect(errors.contains { $0.hasPrefix(message) }, "\(errors)")
    }
}
