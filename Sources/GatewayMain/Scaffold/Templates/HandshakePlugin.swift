/// Handshake: answers to some host names alone.
struct HandshakePlugin: PluginTemplate {
    let name: PluginName

    let purpose = "refuses connections to other host names than those of a list, such as one that somebody else has pointed here"
    let settings = "{hosts: [localhost, 127.0.0.1]}"

    var module: String {
        #"""
        import GatewayKit

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// The host names that clients may connect to.
            public var hosts = ["localhost", "127.0.0.1"]

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("hosts", \.hosts, "The host names that clients may connect to, without a port; \"[::1]\" for an IPv6 address.")
            ]
        }

        /// Lets clients connect only to the host names of a list, by the header `Host`.
        public struct \#(type): HandshakeStage {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Lets clients connect only to the host names of a list."
            /// `mode: observe` counts what it would refuse, and refuses nothing.
            public static let canObserve = true
            private let hosts: Set<String>

            /// Takes the list.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                hosts = Set(settings.hosts.map { $0.lowercased() })
            }

            /// Compares the header with the list.
            public func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
                let host = request.values("host").first ?? ""
                if hosts.contains(Self.withoutPort(host.lowercased())) { return .proceed }
                return .refuse(HTTPRefusal(status: 403, .forbidden, "Nobody may connect to this host name"))
            }

            /// The colons of an IPv6 address stand in brackets, so they lead to no port.
            private static func withoutPort(_ host: String) -> String {
                guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber) else { return host }
                return String(host[..<colon])
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
                    ("example.com", true), ("Example.COM:3000", true), ("[::1]:3000", true), ("[::1]", true), ("evil.example", false),
                    ("example.com.evil.example", false), ("::1", false), (":3000", false), ("", false),
                ])
            func `only the host names of the list are answered`(_ host: String, _ isKnown: Bool) throws {
                let tester = ModuleTester()
                let module = try tester.make(\#(type).self, "{hosts: [example.com, \"[::1]\"]}")
                var request = UpgradeRequest(path: "/ws", headers: [("host", host)])
                #expect(module.handshake(&request, tester.connect().connection).proceeds == isKnown)
            }

            @Test func `a client gets its WebSocket or 403`() async throws {
                try await TestGateway.with(\#(type).self, "{hosts: [example.com]}") { gateway in
                    _ = try await gateway.connect(headers: [("Host", "example.com")])
                    let other = try await gateway.open()
                    other.requestUpgrade(headers: [("Host", "evil.example")])
                    #expect(try await other.response().status == 403)
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self, settings: "{hosts: [example.com]}").run(check)
            }
        }

        """#
    }
}
