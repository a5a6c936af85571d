import GatewayTestKit
import Testing

@testable import AccountsModule

struct AccountsConformanceTests {
    @Test(arguments: ModuleConformance<Accounts>.checks)
    func `accounts conform`(check: ModuleConformance<Accounts>.Check) async throws {
        try await ScryptCost.$standard.withValue(AccountsTester.cheap) {
            try await ModuleConformance(Accounts.self, changed: "{access_ttl: 1m, hash_queue: 1}").run(check)
        }
    }
}
