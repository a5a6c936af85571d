import GatewayKit

extension PubSubAdapterConformance {
    /// In which order it comes, and how often.
    static let order: [Check] = [
        Check("a thousand messages of one connection keep their order everywhere") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for (index, reader) in readers.enumerated() { try await reader.subscribe(["order.topic", "order.*", "**"][index % 3]) }
            for number in 0..<1000 { publisher.publish("order.topic", .number(Double(number))) }
            _ = try await readers.concurrently { reader in
                for number in 0..<1000 { try await reader.expectMessage("order.topic", .number(Double(number))) }
            }
            try await cluster.expectNothingElse(readers, after: publisher)
        },
        Check("what two nodes publish to a topic has one order for all subscribers") { cluster in
            let readers = try await cluster.readers()
            for (index, reader) in readers.enumerated() { try await reader.subscribe(["order.topic", "*.topic"][index % 2]) }
            let first = try await cluster.publisher("0")
            let second = try await TestCluster.client(cluster.gateways[cluster.gateways.count - 1], "1")
            async let published: [Void] = [first, second].concurrently { publisher in
                for number in 0..<300 { try await publisher.publishAcknowledged("order.topic", .number(Double(number))) }
            }
            let sequences = try await readers.concurrently { reader in
                var seen: [String] = []
                for _ in 0..<600 {
                    let frame = try await reader.expectMessage("order.topic")
                    seen.append("\(frame["metadata"]?["senderId"]?.string ?? "") \(frame["data"]?.integer ?? -1)")
                }
                return seen
            }
            _ = try await published
            for sequence in sequences {
                for user in 0..<2 {
                    let own = sequence.filter { $0.hasPrefix("\(user) ") }
                    try require(own == (0..<300).map { "\(user) \($0)" }, "each publisher's order at every subscriber")
                }
                try require(!cluster.hasOneOrder || sequence == sequences[0], "the same order at every subscriber")
            }
        },
        Check("one copy comes, however many patterns match and come and go") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            let patterns = ["x.y", "x.*", "*.y", "x.**", "**"]
            // Each reader has another one that stays, and lets the others come and go while messages arrive.
            for (index, reader) in readers.enumerated() { try await reader.subscribe(patterns[index % patterns.count]) }
            for (index, reader) in readers.enumerated() {
                for _ in 0..<10 {
                    for pattern in patterns where pattern != patterns[index % patterns.count] {
                        reader.send(["type": "subscribe", "topic": .string(pattern)])
                        reader.send(["type": "unsubscribe", "topic": .string(pattern)])
                    }
                }
            }
            for number in 0..<300 { publisher.publish("x.y", .number(Double(number))) }
            _ = try await readers.concurrently { try await expectEachOnce($0, messages: 300, confirmations: 80) }
            try await cluster.expectNothingElse(readers, after: publisher)
        },
        Check("acks come in order, and what is acknowledged arrives") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for reader in readers { try await reader.subscribe("acks.a", "acks.b") }
            for number in 0..<300 {
                let topic: JSON = number % 2 == 0 ? "acks.a" : "acks.b"
                publisher.send([
                    "type": "message", "topic": topic, "data": .number(Double(number)), "ack": true, "id": .string("\(number)"),
                ])
            }
            for number in 0..<300 {
                let frame = try await publisher.expect("ack")
                try require(frame["requestId"]?.string == "\(number)", "the ack of message \(number), in order; got \(frame)")
            }
            _ = try await readers.concurrently { reader in
                var seen: Set<Int> = []
                for _ in 0..<300 { seen.insert(try await reader.expect("message")["data"]?.integer ?? -1) }
                try require(seen == Set(0..<300), "all that was acknowledged")
            }
        },
    ]

    /// Reads messages in order, each once, and confirmations between them.
    private static func expectEachOnce(_ reader: TestClient, messages: Int, confirmations: Int) async throws {
        var (next, confirmed) = (0, 0)
        while next < messages || confirmed < confirmations {
            let frame = try await reader.frame()
            switch frame["type"]?.string {
            case "message":
                try require(frame["data"]?.integer == next, "message \(next) once; got \(frame["data"] ?? .null)")
                next += 1
            case "subscribed", "unsubscribed": confirmed += 1
            default: throw TestClientError.unexpected(.text(frame.text), wanted: "messages and confirmations")
            }
        }
    }
}
