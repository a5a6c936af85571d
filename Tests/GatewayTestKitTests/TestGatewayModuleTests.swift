import GatewayKit
import GatewayTestKit
import Testing

/// A whole gateway around one module.
struct TestGatewayModuleTests {
    /// Lets one tenant publish.
    private struct Tenancy: RouteStage {
        static let name = "tenancy"
        static let summary = "Lets one tenant publish."

        struct Settings: GatewayKit.Settings {
            var tenant = ""
            static let fields: [SettingField<Self>] = [SettingField("tenant", \.tenant, "The tenant.")]
        }
        private let tenant: String

        init(settings: Settings, context: ModuleContext) { tenant = settings.tenant }

        func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
            let isAllowed = command.action != .publish || connection.principal?.claims["tenant"]?.string == tenant
            return isAllowed ? .proceed : .refuse(Rejection(.forbidden, "Another tenant publishes here"))
        }
    }

    @Test(arguments: Wire.allCases) func `a token may be claims, and the module is reloaded with other settings`(wire: Wire) async throws {
        try await TestGateway.with(Tenancy.self, "{tenant: blue}", over: wire, eventLoops: 2) { gateway in
            let client = try await gateway.connect()
            let frame = try await client.authenticate(#"{"sub":"alice","tenant":"blue"}"#)
            #expect(frame["userId"] == "alice")
            try await client.publishAcknowledged("orders")
            try await gateway.reload(Tenancy.self, "{tenant: green}")
            client.publish("orders")
            try await client.expectError(403, "forbidden")
        }
    }
}
