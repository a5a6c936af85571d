import GatewayTestKit
import Testing

struct HelloTests {
    @Test func `who has a token is greeted`() async throws {
        let response = try await answer(to: "Authorization: Bearer alice\r\n")
        #expect(response.status == 200)
        #expect(response.body == "Hello world, says alice")
    }

    @Test func `who has none is not`() async throws {
        #expect(try await answer(to: "").status == 401)
    }

    @Test(arguments: ModuleConformance<Hello>.checks)
    func `it does what every module has to do`(check: ModuleConformance<Hello>.Check) async throws {
        try await ModuleConformance(Hello.self).run(check)
    }

    private func answer(to headers: String) async throws -> TestResponse {
        try await TestGateway.with(Hello.self) { gateway in
            let client = try await gateway.open()
            client.sendRaw("GET /hello/world HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
            return try await client.response()
        }
    }
}
