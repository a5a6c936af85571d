import GatewayKit
import GatewayTestKit
import Testing

struct SeatsTests {
    private static let settings = "{networks: [192.0.2.0/24], seats: 2}"

    @Test func `a network has its seats, and others are not counted`() throws {
        let tester = ModuleTester()
        let module = try tester.make(Seats.self, Self.settings)
        let (first, second, third) = (tester.connect(), tester.connect(from: "192.0.2.2"), tester.connect(from: "192.0.2.3"))
        let other = tester.connect(from: "198.51.100.1")
        for client in [first, second, other] { #expect(module.accept(client.connection).proceeds) }
        #expect(module.accept(third.connection).refusal?.status == 503)
        module.released(other.connection)
        #expect(!module.accept(third.connection).proceeds)
        module.released(first.connection)
        #expect(module.accept(third.connection).proceeds)
    }

    @Test func `a reload keeps the count, and takes back what was counted before it and nothing else`() throws {
        let tester = ModuleTester()
        let (inside, outside) = (tester.connect(), tester.connect(from: "198.51.100.1"))
        let module = try tester.make(Seats.self, Self.settings)
        for client in [inside, outside] { #expect(module.accept(client.connection).proceeds) }
        let reloaded = try tester.make(Seats.self, "{networks: [198.51.100.0/24], seats: 1}")
        let next = tester.connect(from: "198.51.100.2")
        reloaded.released(outside.connection)
        #expect(!reloaded.accept(next.connection).proceeds)
        reloaded.released(inside.connection)
        #expect(reloaded.accept(next.connection).proceeds)
    }

    @Test func `a client comes in once another has gone`() async throws {
        try await TestGateway.with(Seats.self, "{networks: [127.0.0.1], seats: 1}") { gateway in
            let first = try await gateway.connect()
            let refused = try await gateway.open()
            refused.requestUpgrade()
            #expect(try await refused.response().status == 503)
            try await gateway.reload(Seats.self, "{networks: [127.0.0.0/8], seats: 1}")
            try await first.close()
            try await eventually("the seat is free") { (try? await gateway.connect()) != nil }
        }
    }

    @Test(arguments: ModuleConformance<Seats>.checks)
    func `it does what every module has to do`(check: ModuleConformance<Seats>.Check) async throws {
        let settings = "{networks: [192.0.2.0/24, 127.0.0.0/8], seats: 40}"
        try await ModuleConformance(Seats.self, settings: settings, changed: "{networks: [\"::/0\"], seats: 50}").run(check)
    }
}
