/// Accept: turns networks away.
struct AcceptPlugin: PluginTemplate {
    let name: PluginName

    let purpose = "turns away clients from the networks of a list"
    let settings = "{networks: [203.0.113.0/24]}"
    let comesFirst = true

    var module: String {
        #"""
        import GatewayKit

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// The networks whose clients are turned away.
            public var networks: [AddressRange] = []

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("networks", \.networks, "The networks whose clients are turned away, such as 203.0.113.0/24.")
            ]
        }

        /// Turns away clients from the networks of a list.
        public struct \#(type): AcceptStage {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Turns away clients from the networks of a list."
            /// `mode: observe` counts whom it would turn away, and turns nobody away.
            public static let canObserve = true
            private let networks: [AddressRange]

            /// Takes the list.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                networks = settings.networks
            }

            /// Looks the address up; what counts connections would give them back in `released(_:)`.
            public func accept(_ connection: Connection) -> Verdict<HTTPRefusal> {
                guard networks.contains(where: { $0.contains(connection.address) }) else { return .proceed }
                return .refuse(HTTPRefusal(status: 403, .forbidden, "Nobody may connect from this network"))
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
            @Test(arguments: [("203.0.113.7", false), ("203.0.114.7", true), ("2001:db8::7", false), ("::1", true)])
            func `only clients from the networks of the list are turned away`(_ address: String, _ isWelcome: Bool) throws {
                let tester = ModuleTester()
                let module = try tester.make(\#(type).self, "{networks: [203.0.113.0/24, \"2001:db8::/32\"]}")
                #expect(module.accept(tester.connect(from: address).connection).proceeds == isWelcome)
            }

            @Test func `who is turned away gets 403 in place of a WebSocket`() async throws {
                try await TestGateway.with(\#(type).self, "{networks: [127.0.0.0/8]}") { gateway in
                    let client = try await gateway.open()
                    client.requestUpgrade()
                    #expect(try await client.response().status == 403)
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self, settings: "{networks: [203.0.113.0/24]}").run(check)
            }
        }

        """#
    }
}
