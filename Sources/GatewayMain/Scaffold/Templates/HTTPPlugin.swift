/// HTTP: tells whose a token is.
struct HTTPPlugin: PluginTemplate {
    let name: PluginName

    let purpose = "tells over HTTP whose a token is"

    var settings: String { "{path: \(path)}" }

    private var path: String { "/" + key.replacing("_", with: "-") }

    var module: String {
        #"""
        import GatewayKit

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// Where it answers.
            public var path: HTTPPath = "\#(path)"

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("path", \.path, "Where it answers.")
            ]
        }

        /// Tells whose a token is: `GET \#(path)` with `Authorization: Bearer TOKEN`.
        public struct \#(type): HTTPModule {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Tells over HTTP whose a token is."
            /// What it answers; who has no good token gets 401 of the gateway.
            public let routes: [HTTPRoute]

            /// Makes the route.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                let user = HTTPSchema.object([.init("userId", .string())], isOpen: false)
                let answer = HTTPOperation.Answer.success(200, "The user.", data: user)
                let operation = HTTPOperation("read\#(type)", "Tells whose the token is.", answers: [answer])
                routes = [HTTPRoute(.get, settings.path, authentication: .bearer, operation) { Self.answer($0) }]
            }

            /// Runs off the event loops, so it may wait.
            private static func answer(_ request: HTTPRequest) -> HTTPResponse {
                var data = JSONWriter()
                data.member("userId", .string(request.principal?.userID ?? ""))
                return .success(data: data.finish())
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
            @Test func `who has a token hears whose it is`() async throws {
                let response = try await answer(to: "Authorization: Bearer alice\r\n")
                #expect(response.status == 200)
                #expect(response.json["data"]?["userId"]?.string == "alice")
            }

            @Test func `who has none hears nothing`() async throws {
                #expect(try await answer(to: "").status == 401)
            }

            @Test func `it answers where the settings say`() throws {
                let module = try ModuleTester().make(\#(type).self, "{path: /me}")
                #expect(module.routes.map(\.path.description) == ["/me"])
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self).run(check)
            }

            private func answer(to headers: String) async throws -> TestResponse {
                try await TestGateway.with(\#(type).self, "{path: /me}") { gateway in
                    let client = try await gateway.open()
                    client.sendRaw("GET /me HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
                    return try await client.response()
                }
            }
        }

        """#
    }
}
