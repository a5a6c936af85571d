import GatewayKit
import GatewayMain
import GatewayTestKit
import Testing

struct BuiltInNamesTests {
    @Test func `the names that no plugin can take are those of the built-in modules`() {
        let names = Dictionary(uniqueKeysWithValues: BuiltInModules.all.map { ($0.name, String(reflecting: $0)) })
        #expect(BuiltInNames.owners == names)
    }
}
