/// Frame: a heartbeat in plain text.
struct FramePlugin: PluginTemplate {
    let name: PluginName

    let purpose = "answers the text message ping with pong, for clients that cannot send the pings of RFC 6455"
    let settings = "{question: ping}"

    var note: String? {
        "gateway check warns that it takes messages of clients that have not authenticated: it is meant to, and tells them nothing."
    }

    var module: String {
        #"""
        import GatewayKit
        import NIOCore

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// The message that asks.
            public var question = "ping"

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("question", \.question, "The text message that is answered with pong.")
            ]
        }

        /// Answers a heartbeat in plain text, for clients that cannot send the pings of RFC 6455.
        ///
        /// It sees whole messages before the gateway's own protocol does, and before anybody has authenticated.
        public struct \#(type): FrameStage {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Answers a heartbeat in plain text."
            private let question: ByteBuffer
            private let answer = ByteBuffer(string: "pong")

            /// Takes the question.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                question = ByteBuffer(string: settings.question)
            }

            /// Answers the question; every other message goes on.
            public func frame(_ message: FrameMessage, _ connection: Connection) -> FrameVerdict {
                guard message.opcode == .text, message.payload == question else { return .proceed }
                connection.send(answer)
                return .handled
            }
        }

        """#
    }

    var test: String {
        #"""
        import GatewayKit
        import GatewayPlugins
        import GatewayTestKit
        import NIOCore
        import Testing

        @Suite struct \#(type)Tests {
            @Test(
                arguments: [
                    (MessageOpcode.text, "PING", ["pong"]), (.text, "PING ", []), (.text, "ping", []), (.text, "", []),
                    (.text, #"{"type":"ping"}"#, []), (.binary, "PING", []),
                ])
            func `only the question is answered`(_ opcode: MessageOpcode, _ text: String, _ answers: [String]) throws {
                let tester = ModuleTester()
                let module = try tester.make(\#(type).self, "{question: PING}")
                let client = tester.connect()
                _ = module.frame(FrameMessage(opcode: opcode, payload: ByteBuffer(string: text)), client.connection)
                #expect(client.sent.map { String(buffer: $0.payload) } == answers)
            }

            @Test func `a client asks before it has authenticated, and goes on as usual`() async throws {
                try await TestGateway.with(\#(type).self) { gateway in
                    let client = try await gateway.connect()
                    client.send("ping")
                    #expect(try await client.text() == "pong")
                    try await client.authenticate("alice")
                    try await client.expectNothingElse()
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self).run(check)
            }
        }

        """#
    }
}
