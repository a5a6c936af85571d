import Testing

@testable import GatewayMain

/// Settings of the core and of built-in modules, as a user meets them.
@Suite struct CoreSettingsTests {
    private func check(_ text: String, _ options: String...) async throws -> (status: Int32, text: String) {
        let program = Program(environment: workingEnvironment)
        let status = try await withConfiguration(text) { file in
            var words = ["check", "-c", file]
            for option in options { words += ["--set", option] }
            return await program.run(words)
        }
        return (status, program.error.text)
    }

    private func configuration(eventLoops: String) -> String {
        workingConfiguration.replacing("event_loops: 1", with: "event_loops: \(eventLoops)")
    }

    @Test(arguments: ["04", "+2", "-1", "\"4\"", "0", "129", "many", "0x4", "[1]"])
    func `a number of event loops is written like any number`(_ text: String) async throws {
        let (status, findings) = try await check(configuration(eventLoops: text))
        #expect(status == 78)
        #expect(findings.contains("server.event_loops: expected auto or a number from 1 to 128, got"))
    }

    @Test(arguments: ["1", "128", "auto"]) func `event loops are counted, or one a core`(_ text: String) async throws {
        #expect(try await check(configuration(eventLoops: text)).status == 0)
    }

    @Test(
        arguments: [
            ("event_loops: 1", "event_loops: \"${SECRET}\""), ("port: 0", "path: \"${SECRET}\""),
            ("pubsub: memory", "pubsub: \"${SECRET}\""),
            ("[ip_cap]", "[\"${SECRET}\"]"), ("[ip_cap]", "\"${SECRET}\""), ("\"messages.**\"", "\"<${SECRET}>\""),
            ("modules:", "http: {header_timeout: \"${SECRET}\"}\nmodules:"),
            (
                "  pubsub: memory\nmodules:",
                "  pubsub: memory\n  handshake: [origin]\nmodules:\n  origin: {allow: [\"${SECRET}\"]}"
            ),
        ])
    func `no error shows what a variable holds`(_ old: String, _ new: String) async throws {
        let (status, findings) = try await check(workingConfiguration.replacing(old, with: new))
        #expect(status == 78)
        #expect(findings.contains("${SECRET}") && !findings.contains("for tests alone"))
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1", 3000, 78), ("127.0.0.1", "127.0.0.1", 0, 0), ("127.0.0.1", "127.0.0.1", 3001, 0),
        ("0.0.0.0", "127.0.0.1", 3000, 78), ("127.0.0.1", "::", 3000, 78), ("0.0.0.0", "::1", 3000, 0), ("127.0.0.1", "127.0.0.2", 3000, 0),
    ])
    func `one port for both listeners of an address is an error`(_ server: String, _ admin: String, _ port: Int, _ wanted: Int32)
        async throws
    {
        let token = "admin.token=\(workingEnvironment["SECRET"] ?? "")"
        let (status, findings) = try await check(
            workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: \(port)}"), "server.host=\(server)",
            "admin.host=\(admin)",
            "server.port=\(port == 3001 ? 3000 : port)", token)
        #expect(status == wanted, "\(findings)")
        if wanted == 78 { #expect(findings.contains("gateway.yaml:3:15: error[invalid-value]: admin.port: 3000 is server.port too")) }
    }

    @Test func `the port that the other listener has by default is told at its own place`() async throws {
        let (status, findings) = try await check(workingConfiguration.replacing("admin: {port: 0}", with: "admin: {}"), "server.port=3001")
        #expect(status == 78 && findings.contains("--set server.port: error[invalid-value]: server.port: 3001 is admin.port too"))
        #expect(findings.contains("admin.port has its default"))
    }

    @Test func `modules in an order against their hints are warned of, with the reason`() async throws {
        let text = workingConfiguration.replacing("[rate_limit, authorization]", with: "[authorization, rate_limit, size_limit]")
        let (status, findings) = try await check(text)
        #expect(status == 0)
        #expect(findings.contains("warning[order-hint]: authorization stands before rate_limit: what the rules forbid may be tried"))
        #expect(findings.contains("warning[order-hint]: rate_limit stands before size_limit: a message that is too big takes"))
        #expect(try await check(workingConfiguration).text.isEmpty)
    }

    @Test func `a queue that is too short is told at its own place, with the other one`() async throws {
        let text = workingConfiguration + "\nlimits: {max_queue: 64KiB}"
        let (status, findings) = try await check(text, "server.max_message_size=1MiB")
        #expect(status == 78)
        #expect(
            findings.contains(
                "gateway.yaml:18:21: error[out-of-range]: limits.max_queue: 64KiB is not above server.max_message_size (1MiB)"))
        #expect(findings.contains("max_message_size is 1MiB at --set server.max_message_size"))
    }
}
