import GatewayKit
import GatewayPlugins
import GatewayTestKit
import NIOCore
import Testing

@Suite struct EchoTests {
    @Test(arguments: [(MessageOpcode.text, "Hello"), (.text, ""), (.binary, "\u{0}\u{1}")])
    func `it sends back what it got`(_ opcode: MessageOpcode, _ text: String) throws {
        let tester = ModuleTester()
        let echo = try tester.make(Echo.self)
        let client = tester.connect()
        let verdict = echo.frame(FrameMessage(opcode: opcode, payload: ByteBuffer(string: text)), client.connection)
        guard case .handled = verdict else {
            Issue.record("the message went on: \(verdict)")
            return
        }
        #expect(client.sent.map(\.opcode) == [opcode])
        #expect(client.sent.map { String(buffer: $0.payload) } == [text])
    }

    @Test func `the build found it in its folder`() {
        #expect(GatewayPlugins.compiledPlugins.contains { $0 == Echo.self })
    }

    @Test func `it stands in the route stage and nowhere else`() {
        #expect(Stage.allCases.filter { $0.isServed(by: Echo.self) } == [.route])
    }
}
