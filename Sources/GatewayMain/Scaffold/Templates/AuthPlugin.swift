/// Auth: knows one service by its key.
struct AuthPlugin: PluginTemplate {
    let name: PluginName

    let purpose = "lets in who sends the key of a service in place of a token"
    let comesFirst = true

    var settings: String { "{key: \"${\(variable):-}\"}" }
    var note: String? { "\(variable) has to hold the key, 32 bytes or more; while it is not set, nobody comes in by it." }

    /// `BILLING_KEY` for Billing, and for BillingKey.
    private var variable: String { "\(key.uppercased())\(key.hasSuffix("_key") ? "" : "_KEY")" }

    var module: String {
        #"""
        import GatewayKit

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// The key of the service; nil where there is none.
            public var key: Secret?

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("key", \.key, "The key of the service, at least 32 bytes; null or empty lets nobody in.")
            ]

            /// Refuses a key that somebody could guess.
            public func validate(_ report: inout SettingsReport) {
                guard let key, (1..<32).contains(key.bytes.count) else { return }
                report.add(.error, .weakSecret, "key", "the key has fewer than 32 bytes", help: "take the output of openssl rand -hex 32")
            }
        }

        /// Lets in who sends the key of a service in place of a token.
        public struct \#(type): AuthStage {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Lets in who sends the key of a service in place of a token."
            private let key: Secret?
            /// Rules of `authorization` can ask for the role; it never expires.
            private let service = Principal(userID: "\#(key)", claims: ["roles": .array([.string("service")])])

            /// Takes the key.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                key = settings.key
            }

            /// Leaves whatever is not the key to the next module; `isEqual` takes as long for a key that is nearly right.
            public func authenticate(_ credentials: Credentials, _ connection: Connection) -> AuthVerdict {
                guard case .token(let token) = credentials, let key, key.isEqual(to: token) else { return .abstain }
                return .accepted(service)
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
            private static let key = "a key for tests alone, of 32 bytes or more"
            private static let settings = "{key: \"\(key)\"}"

            @Test func `the key is the service, all else is left to others`() throws {
                let tester = ModuleTester()
                let client = tester.connect()
                let module = try tester.make(\#(type).self, Self.settings)
                guard case .accepted(let principal) = module.authenticate(.token(Self.key), client.connection) else {
                    Issue.record("the key is not taken")
                    return
                }
                #expect(principal.userID == "\#(key)")
                for token in ["", "x", String(Self.key.dropLast()), Self.key + "x", Self.key.uppercased()] {
                    guard case .abstain = module.authenticate(.token(token), client.connection) else {
                        Issue.record("'\(token)' is taken for the key")
                        continue
                    }
                }
            }

            @Test(arguments: ["{}", "{key: \"\"}"]) func `without a key nobody comes in`(_ settings: String) throws {
                let tester = ModuleTester()
                let module = try tester.make(\#(type).self, settings)
                guard case .abstain = module.authenticate(.token(""), tester.connect().connection) else {
                    Issue.record("somebody came in")
                    return
                }
            }

            @Test func `a short key is an error`() {
                let found = SettingsTester.decode(\#(type)Settings.self, "{key: short}").diagnostics
                #expect(found.filter { $0.severity == .error }.map(\.code) == [.weakSecret])
            }

            @Test func `a client logs in by the key`() async throws {
                try await TestGateway.with(\#(type).self, Self.settings) { gateway in
                    let client = try await gateway.connect()
                    client.send(["type": "auth", "token": "another"])
                    try await client.expect("auth_error")
                    try await client.authenticate(Self.key)
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self, settings: Self.settings, token: Self.key).run(check)
            }
        }

        """#
    }
}
