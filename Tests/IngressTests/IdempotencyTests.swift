import GatewayKit
import GatewayTestKit
import NIOCore
import Testing

@testable import IngressModule

struct IdempotencyTests {
    private let tester = IngressTester()
    private let body = #"{"content":"x"}"#

    @Test func `the same key gives the same answer and one event`() async throws {
        let module = try tester.make()
        let first = try await module.post(body, key: "k1")
        tester.clock.advance(by: .seconds(3600))
        let second = try await module.post(body, key: "k1")
        #expect(second.text == first.text)
        #expect(second.status == 201)
        #expect(tester.publisher.published.count == 1)
    }

    @Test func `without a key, and with another, each request is one of its own`() async throws {
        let module = try tester.make()
        for key in [nil, nil, "k1", "k2", "K1"] { _ = try await module.post(body, key: key) }
        #expect(tester.publisher.published.count == 5)
    }

    @Test func `a key belongs to its user and its route`() async throws {
        let route = "event: a, topics: [a]}"
        let module = try tester.make("{routes: [{method: POST, path: /a, \(route), {method: PUT, path: /a, \(route)]}")
        for (index, user) in [(0, "alice"), (0, "bob"), (1, "alice")] {
            _ = try await module.routes[index].answer(IngressTester.request(body, userID: user, key: "k"))
        }
        #expect(tester.publisher.published.count == 3)
    }

    @Test func `the same key with another body or path is 409`() async throws {
        let module = try tester.make()
        _ = try await module.post(body, key: "k")
        #expect(try await module.refusal(#"{"content":"y"}"#, key: "k")?.reason == Reason("idempotency_conflict", code: 409))
        let elsewhere = try IngressTester.request(body, path: "/other", key: "k")
        #expect(try await module.refusal(of: elsewhere)?.status == 409)
        #expect(tester.publisher.published.count == 1)
    }

    @Test func `a second request while the first is under way is 409, and gets the answer afterwards`() async throws {
        let module = try tester.make()
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        tester.publisher.wait {
            enter.yield()
            for await _ in opened { break }
        }
        async let first = module.post(body, key: "k")
        for await _ in entered { break }
        let pending = try await module.refusal(body, key: "k")
        #expect(pending?.reason == Reason("idempotency_pending", code: 409))
        #expect(pending?.retryAfter == .seconds(1))
        #expect(try await module.refusal(#"{"content":"y"}"#, key: "k")?.reason.slug == "idempotency_conflict")
        open.finish()
        let text = try await first.text
        #expect(try await module.post(body, key: "k").text == text)
        #expect(tester.publisher.published.count == 1)
    }

    @Test func `an answer is kept for 24 hours and not a moment longer`() async throws {
        let module = try tester.make()
        let first = try await module.post(body, key: "k").text
        tester.clock.advance(by: .seconds(86400) - .milliseconds(1))
        #expect(try await module.post(body, key: "k").text == first)
        tester.clock.advance(by: .milliseconds(1))
        #expect(try await module.post(body, key: "k").text != first)
        #expect(tester.publisher.published.count == 2)
    }

    @Test func `what was kept outlives a reload`() async throws {
        let first = try await tester.make().post(body, key: "k").text
        #expect(try await tester.make("{rate: 1/s}").post(body, key: "k").text == first)
    }

    @Test func `a refusal is kept too`() async throws {
        let module = try tester.make()
        tester.publisher.refuse(Rejection(.forbidden, "Not allowed", topic: "messages"))
        let first = try await module.refusal(body, key: "k")
        tester.publisher.refuse(nil)
        #expect(first?.status == 403)
        #expect(try await module.refusal(body, key: "k") == first)
        #expect(try await module.refusal("{}", key: "k2")?.field == "content")
        #expect(try await module.refusal(body, key: "k2")?.status == 409)
    }

    @Test(arguments: [
        Rejection(.brokerUnavailable, "x"), Rejection(.internalError, "x"), Rejection(.rateLimited, "x"),
        Rejection(.forbidden, "x", retryAfter: .seconds(1)),
    ])
    func `what may be tried again is not kept`(_ rejection: Rejection) async throws {
        let module = try tester.make()
        tester.publisher.refuse(rejection)
        #expect(try await module.refusal(body, key: "k")?.reason == rejection.reason)
        tester.publisher.refuse(nil)
        #expect(try await module.refusal(body, key: "k") == nil)
    }

    @Test func `what may be out already is published again as it was, and is no other request's`() async throws {
        let module = try tester.make()
        tester.publisher.loseAnswers(Rejection(.brokerUnavailable, "The message was not taken in time"))
        #expect(try await module.refusal(body, key: "k")?.reason == .brokerUnavailable)
        tester.clock.advance(by: .seconds(5))
        #expect(try await module.refusal(#"{"content":"y"}"#, key: "k")?.reason.slug == "idempotency_conflict")
        #expect(try await module.refusal(body, key: "k")?.reason == .brokerUnavailable)
        // Nothing is sent this time, and what may have been sent before is not forgotten.
        tester.publisher.refuse(Rejection(.rateLimited, "x"))
        #expect(try await module.refusal(body, key: "k")?.status == 429)
        tester.publisher.refuse(nil)
        let answer = try await module.post(body, key: "k")
        #expect(tester.publisher.published.map(\.data) == [answer.data, answer.data, answer.data])
        #expect(try await module.post(body, key: "k").text == answer.text)
        #expect(tester.publisher.published.count == 3)
    }

    @Test func `what was refused before it could go out is made anew`() async throws {
        let module = try tester.make()
        tester.publisher.loseAnswers(Rejection(.rateLimited, "x"))
        #expect(try await module.refusal(body, key: "k")?.status == 429)
        tester.publisher.refuse(nil)
        let answer = try await module.post(body, key: "k")
        #expect(tester.publisher.published.last?.data == answer.data)
        #expect(tester.publisher.published.first?.data != answer.data)
    }

    @Test func `after an unexpected error the request can be sent again`() async throws {
        let module = try tester.make()
        tester.publisher.refuse(CancellationError())
        await #expect(throws: CancellationError.self) { try await module.post(body, key: "k") }
        tester.publisher.refuse(nil)
        #expect(try await module.refusal(body, key: "k") == nil)
    }

    @Test(arguments: ["", "a b", "é", "a\u{7F}", String(repeating: "k", count: 256)])
    func `a key that is none is 400`(_ key: String) async throws {
        let refusal = try await tester.make().refusal(body, key: key)
        #expect(refusal?.status == 400)
        #expect(refusal?.field == "Idempotency-Key")
        #expect(tester.publisher.published.isEmpty)
    }

    @Test(arguments: ["k", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", String(repeating: "~", count: 255)])
    func `a key of 1 to 255 visible characters is one`(_ key: String) async throws {
        #expect(try await tester.make().refusal(body, key: key) == nil)
    }

    @Test func `two lines of the header are 400`() async throws {
        let one = try IngressTester.request(body)
        let two = HTTPRequest(
            method: "POST", path: one.path, headers: [("idempotency-key", "a"), ("idempotency-key", "a")], body: one.body,
            address: one.address, principal: one.principal)
        #expect(try await tester.make().refusal(of: two)?.issue == "must stand only once")
    }

    @Test func `beyond the number of answers the oldest goes`() async throws {
        let module = try tester.make("{idempotency: {max_answers: 2}}")
        for key in ["1", "2", "3"] { _ = try await module.post(body, key: key) }
        for key in ["2", "3"] { _ = try await module.post(body, key: key) }
        #expect(tester.publisher.published.count == 3)
        _ = try await module.post(body, key: "1")
        #expect(tester.publisher.published.count == 4)
    }
}
