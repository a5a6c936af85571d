import GatewayKit
import GatewayTestKit
import Testing

struct ApprovalTests {
    private static let settings = "{topics: [\"news.*\"], users: [alice]}"

    @Test func `who is approved publishes, who is not does not, and nobody is asked about the rest`() async throws {
        try await TestGateway.with(Approval.self, Self.settings) { gateway in
            let (alice, bob) = (try await gateway.connect(), try await gateway.connect())
            try await alice.authenticate("alice")
            try await bob.authenticate("bob")
            try await bob.subscribe("news.*")
            try await alice.publishAcknowledged("news.today", "Hello")
            try await bob.expectMessage("news.today", "Hello")
            bob.publish("news.today")
            #expect(try await bob.expectError(403, "forbidden")["details"]?["topic"] == "news.today")
            try await bob.publishAcknowledged("chat")
        }
    }

    @Test func `where there is no answer on_error decides, and all else goes on`() async throws {
        for (word, isTaken) in [("refuse", false), ("proceed", true)] {
            try await TestGateway.with(NobodyThere.self, "{topics: [\"news.*\"], on_error: \(word)}") { gateway in
                let alice = try await gateway.connect()
                try await alice.authenticate("alice")
                // More than the breaker waits for.
                for _ in 0..<12 {
                    if isTaken {
                        try await alice.publishAcknowledged("news.today")
                    } else {
                        alice.publish("news.today")
                        try await alice.expect("error")
                    }
                    try await alice.publishAcknowledged("chat")
                }
            }
        }
    }

    @Test(arguments: ModuleConformance<Approval>.checks)
    func `it does what every module has to do`(check: ModuleConformance<Approval>.Check) async throws {
        try await ModuleConformance(Approval.self, settings: Self.settings, changed: "{topics: [\"**\"], users: [bob]}").run(check)
    }
}

/// Asks an approver who never answers.
private struct NobodyThere: RouteStage, Approver {
    static let name = "nobody_there"
    static let summary = "Asks an approver who never answers."
    private let topics: [TopicPattern]
    private var approval: Approval { Approval(topics, asking: self) }

    init(settings: ApprovalSettings, context: ModuleContext) { topics = settings.topics }

    func concerns(_ command: Command, _ connection: Connection) -> Bool { approval.concerns(command, connection) }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { approval.route(&command, connection) }

    func approves(_ user: String?, _ topic: String) throws -> Bool { throw ModuleError("nobody is there") }
}
