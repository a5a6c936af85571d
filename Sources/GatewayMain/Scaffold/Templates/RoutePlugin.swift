/// Route: some topics are read-only.
struct RoutePlugin: PluginTemplate {
    let name: PluginName

    let purpose = "refuses to publish to the topics of a list, by whomever"
    let settings = "{topics: [\"announcements.**\"]}"

    var module: String {
        #"""
        import GatewayKit

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// The topics to which nobody publishes.
            public var topics: [TopicPattern] = []

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("topics", \.topics, "The topics to which nobody publishes, over a WebSocket or over HTTP.")
            ]
        }

        /// Makes topics read-only: refuses to publish to those of a list.
        public struct \#(type): RouteStage {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Refuses to publish to the topics of a list."
            /// `mode: observe` counts what it would refuse, and refuses nothing.
            public static let canObserve = true
            private static let readOnly = Reason("read_only", code: 403)
            private let topics: [TopicPattern]

            /// Takes the list.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                topics = settings.topics
            }

            /// Looks the topic up: on the path of every message, so nothing is allocated for one that goes on.
            public func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
                guard command.action == .publish || command.action == .ingress, let topic = command.pattern.topic,
                    topics.contains(where: { $0.matches(topic) })
                else { return .proceed }
                return .refuse(Rejection(Self.readOnly, "Nobody may publish to this topic", topic: topic.description))
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
            @Test(
                arguments: [
                    (Command.Action.publish, "news.today", false), (.ingress, "news.today", false), (.subscribe, "news.today", true),
                    (.subscribe, "news.**", true), (.unsubscribe, "news.today", true), (.publish, "news", true), (.publish, "chat", true),
                ])
            func `only publishing to the topics of the list is refused`(_ action: Command.Action, _ pattern: String, _ proceeds: Bool) throws {
                let tester = ModuleTester()
                let module = try tester.make(\#(type).self, "{topics: [\"news.**\"]}")
                var command = Command(action, try TopicPattern(pattern))
                #expect(module.route(&command, tester.connect(userID: "alice").connection).proceeds == proceeds)
            }

            @Test func `a client reads such a topic and cannot publish to it`() async throws {
                try await TestGateway.with(\#(type).self, "{topics: [\"news.**\"]}") { gateway in
                    let client = try await gateway.connect()
                    try await client.authenticate("alice")
                    try await client.subscribe("news.today")
                    client.publish("news.today", "Hello")
                    try await client.expectError(403, "read_only")
                    try await client.publishAcknowledged("chat", "Hello")
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self, settings: "{topics: [\"news.**\"]}").run(check)
            }
        }

        """#
    }
}
