import GatewayKit
import GatewayTestKit
import Testing

struct TenantsTests {
    private let shop = Principal(userID: "alice", claims: ["tenant": .string("shop")])

    @Test(
        arguments: [
            ("orders.shop", true), ("orders.shop.7", true), ("orders.shops", false), ("orders.sho.p", false), ("orders.other.7", false),
            ("orders.shop2.7", false), ("orders", true), ("orders2.other", true), ("chat", true),
        ])
    func `a topic is the tenant's own, or no order`(_ topic: String, _ isAllowed: Bool) throws {
        let tester = ModuleTester()
        let module = try tester.make(Tenants.self)
        for action in [Command.Action.subscribe, .publish, .ingress] {
            var command = Command(action, try TopicPattern(topic))
            #expect(module.route(&command, tester.connect(as: shop).connection).proceeds == isAllowed)
            #expect(command.filters.isEmpty)
        }
    }

    @Test(arguments: [nil, Principal(userID: "shop"), Principal(userID: "a", claims: ["tenant": .integer(7)])])
    func `who has no tenant has no orders`(_ principal: Principal?) throws {
        let tester = ModuleTester()
        let connection = tester.connect(as: principal)
        let module = try tester.make(Tenants.self)
        for topic in ["orders.shop", "orders.7"] { #expect(try !module.admits(Topic(topic), connection.connection)) }
    }

    @Test(arguments: [("orders.**", 1), ("**", 1), ("*.shop", 1), ("chat.**", 0), ("*", 0)])
    func `a wildcard that overlaps orders is granted in part`(_ pattern: String, _ filters: Int) throws {
        let tester = ModuleTester()
        var command = Command(.subscribe, try TopicPattern(pattern))
        #expect(try tester.make(Tenants.self).route(&command, tester.connect(as: shop).connection).proceeds)
        #expect(command.filters.count == filters)
    }

    @Test func `a subscriber to all orders gets his tenant's alone`() async throws {
        try await TestGateway.with(Tenants.self) { gateway in
            let (alice, bob) = (try await gateway.connect(), try await gateway.connect())
            try await alice.authenticate(#"{"sub":"alice","tenant":"shop"}"#)
            try await bob.authenticate(#"{"sub":"bob","tenant":"other"}"#)
            try await alice.subscribe("orders.**")
            bob.publish("orders.shop.7")
            try await bob.expectError(403, "forbidden")
            try await bob.publishAcknowledged("orders.other.7")
            alice.publish("orders.shop.8", "mine")
            try await alice.expectMessage("orders.shop.8", "mine")
        }
    }

    @Test(arguments: ModuleConformance<Tenants>.checks)
    func `it does what every module has to do`(check: ModuleConformance<Tenants>.Check) async throws {
        try await ModuleConformance(Tenants.self).run(check)
    }
}
