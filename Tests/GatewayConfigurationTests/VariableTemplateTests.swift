import Testing

@testable import GatewayConfiguration

@Suite struct VariableTemplateTests {
    @Test(
        arguments: [
            ("plain", [.text("plain")]),
            ("$HOME and $", [.text("$HOME and $")]),
            ("$${X}", [.text("${X}")]),
            ("$$${X}", [.text("$${X}")]),
            ("a${X}b", [.text("a"), .variable(name: "X", ifUnset: .fails), .text("b")]),
            ("${X:-}", [.variable(name: "X", ifUnset: .standsIn(""))]),
            ("${X:-a:-b}", [.variable(name: "X", ifUnset: .standsIn("a:-b"))]),
            ("${_1:?say why}", [.variable(name: "_1", ifUnset: .says("say why"))]),
            ("${file:/run/x}", [.file("/run/x")]),
            ("${A}${B}", [.variable(name: "A", ifUnset: .fails), .variable(name: "B", ifUnset: .fails)]),
        ] as [(String, [VariableTemplate.Part])])
    func `a text has its parts`(_ text: String, _ parts: [VariableTemplate.Part]) throws {
        #expect(try VariableTemplate(text).parts == parts)
    }

    @Test(arguments: ["${", "${X", "${}", "${1X}", "${X-y}", "${X:=y}", "${X Y}", "${file:}", "${X:-${Y}}", "${é}"])
    func `what is no variable is refused`(_ text: String) {
        #expect(throws: VariableTemplate.Failure.self) { try VariableTemplate(text) }
    }
}
