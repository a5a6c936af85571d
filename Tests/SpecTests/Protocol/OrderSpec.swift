import GatewayTestKit
import Testing

/// What one connection publishes to a topic reaches every subscriber in that order.
struct OrderSpec {
    // Promise: order.publishers
    @Test(arguments: eventLoops) func `each publisher's messages keep their order for each subscriber`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let readers = try await clients(6, "reader", gateway)
            for (index, reader) in readers.enumerated() { try await reader.subscribe(["chat", "*", "**"][index % 3]) }
            let publishers = try await clients(5, "publisher", gateway)
            async let published: Void = concurrently(0..<5) { publisher in
                for number in 0..<300 {
                    publishers[publisher].publish("chat", ["publisher": .number(Double(publisher)), "number": .number(Double(number))])
                }
            }
            try await concurrently(0..<6) { index in
                var next = Array(repeating: 0, count: 5)
                for _ in 0..<1500 {
                    let frame = try await readers[index].expectMessage("chat")
                    let publisher = try #require(frame["data"]?["publisher"]?.integer)
                    #expect(frame["data"]?["number"]?.integer == next[publisher])
                    next[publisher] += 1
                }
                #expect(next == Array(repeating: 300, count: 5))
            }
            try await published
        }
    }

    // Promise: order.subscribed
    @Test(arguments: eventLoops) func `nothing that is published after subscribed is missed`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let publisher = try await gateway.client("publisher")
            let reader = try await gateway.client("reader")
            for round in 0..<100 {
                try await reader.subscribe("chat")
                publisher.publish("chat", .number(Double(round)))
                try await reader.expectMessage("chat", .number(Double(round)))
                try await reader.unsubscribe("chat")
            }
        }
    }

    // Promise: order.sizes
    @Test(arguments: eventLoops) func `large and small messages do not overtake each other`(loops: Int) async throws {
        try await withGateway(unlimited, "limits: {max_queue: 64MiB}", loops: loops) { gateway in
            let (publisher, reader) = (try await gateway.client("publisher"), try await gateway.client("reader"))
            try await reader.subscribe("chat")
            for number in 0..<60 {
                publisher.publish(
                    "chat", [.number(Double(number)), .string(String(repeating: "x", count: number % 5 == 0 ? 500_000 : 10))])
            }
            for number in 0..<60 { #expect(try await reader.expectMessage("chat")["data"]?[0] == .number(Double(number))) }
        }
    }

    private func clients(_ count: Int, _ user: String, _ gateway: TestGateway) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for index in 0..<count { clients.append(try await gateway.client("\(user)\(index)")) }
        return clients
    }
}
