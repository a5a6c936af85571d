import AuthorizationModule
import GatewayTestKit
import Testing

struct AuthorizationConformanceTests {
    private static let rules = """
        {deny: [publish], topics: ["*.closed.**"]}, \
        {allow: [subscribe, publish], topics: ["messages.user.<userId>.**", "tenants.<claims.tenant>.*", conformance.*]}, \
        {allow: [subscribe, publish, ingress], topics: ["**"], when: {role: admin}, unless: {sub: bob}}
        """

    @Test(arguments: ModuleConformance<Authorization>.checks, ["filter", "deny"])
    func `the rules conform`(check: ModuleConformance<Authorization>.Check, wildcards: String) async throws {
        try await ModuleConformance(
            Authorization.self, settings: "{wildcards: \(wildcards), rules: [\(Self.rules)]}",
            changed: "{rules: [{allow: [subscribe], topics: [messages.*]}]}"
        ).run(check)
    }
}
