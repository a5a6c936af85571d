/// Deliver: slow clients get no more of what they can do without.
struct DeliverPlugin: PluginTemplate {
    let name: PluginName

    let purpose = "spares a client whose queue is half full the messages of the topics of a list"
    let settings = "{topics: [\"typing.**\"]}"
    let comesFirst = true

    var module: String {
        #"""
        import GatewayKit

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// The topics whose messages a client can do without.
            public var topics: [TopicPattern] = []

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("topics", \.topics, "The topics whose messages a client with a half full queue does not get.")
            ]
        }

        /// Spares slow clients the messages that they can do without, so that there is room for the others.
        public struct \#(type): DeliverStage {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Spares slow clients the messages of the topics of a list."
            private let topics: [TopicPattern]

            /// Takes the list.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                topics = settings.topics
            }

            /// Looks at the queue first, so that a client that keeps up costs next to nothing: this is asked once a receiver.
            public func deliver(_ message: Delivery, to connection: Connection, backlog: Backlog) -> DeliverVerdict {
                guard backlog.bytes > backlog.limit / 2, topics.contains(where: { $0.matches(message.topic) }) else { return .deliver }
                return .drop
            }
        }

        """#
    }

    var test: String {
        #"""
        import GatewayKit
        import GatewayPlugins
        import GatewayTestKit
        import Testing

        @Suite struct \#(type)Tests {
            @Test(arguments: [("typing.alice", 0, true), ("typing.alice", 50, true), ("typing.alice", 51, false), ("chat", 99, true)])
            func `only a queue that is half full loses messages, and only those of the list`(
                _ topic: String, _ bytes: Int, _ isDelivered: Bool
            ) throws {
                let tester = ModuleTester()
                let module = try tester.make(\#(type).self, "{topics: [\"typing.**\"]}")
                let message = Delivery(topic: try Topic(topic), size: 1)
                switch module.deliver(message, to: tester.connect().connection, backlog: Backlog(bytes: bytes, limit: 100)) {
                case .deliver: #expect(isDelivered)
                case .drop: #expect(!isDelivered)
                case .skip, .disconnect: Issue.record("it has neither delivered nor dropped")
                }
            }

            @Test func `a client that reads gets everything`() async throws {
                try await TestGateway.with(\#(type).self, "{topics: [\"typing.**\"]}") { gateway in
                    let client = try await gateway.connect()
                    try await client.authenticate("alice")
                    try await client.subscribe("typing.**")
                    client.publish("typing.alice", true)
                    try await client.expectMessage("typing.alice", true)
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self, settings: "{topics: [\"typing.**\"]}").run(check)
            }
        }

        """#
    }
}
