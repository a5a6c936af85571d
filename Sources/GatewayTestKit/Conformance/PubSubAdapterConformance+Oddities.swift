import GatewayKit

extension PubSubAdapterConformance {
    /// Topics that could be mistaken for something else.
    static let oddities: [Check] = [
        Check("odd topics are topics like any, and each is another") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for (index, reader) in readers.enumerated() {
                if index % 2 == 0 { for topic in oddTopics { try await reader.subscribe(topic) } } else { try await reader.subscribe("**") }
            }
            for (index, topic) in oddTopics.enumerated() { publisher.publish(topic, .number(Double(index))) }
            for reader in readers {
                for (index, topic) in oddTopics.enumerated() { try await reader.expectMessage(topic, .number(Double(index))) }
            }
            // One after the other, so that a topic which is taken for another one shows.
            let alone = try await cluster.readers("alone")
            for topic in oddTopics {
                for reader in alone { try await reader.subscribe(topic) }
                for other in oddTopics { publisher.publish(other) }
                for reader in alone { try await reader.expectMessage(topic) }
                try await cluster.expectNothingElse(alone, after: publisher)
                for reader in alone { try await reader.unsubscribe(topic) }
            }
        },
        Check("no client names a reserved topic, and none gets what is published to one") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for topic in ["$probe", "$probe.a", "a.$b", "$"] {
                for type in ["subscribe", "message"] {
                    publisher.send(["type": .string(type), "topic": .string(topic), "data": 1])
                    try await publisher.expectError(400, "invalid_topic")
                }
            }
            for (index, reader) in readers.enumerated() { try await reader.subscribe(["**", "*.*"][index % 2]) }
            for gateway in cluster.gateways {
                try await gateway.publish(try TestCluster.event(["$probe.somebody"]))
                try await cluster.expectNothingElse(readers, after: gateway)
            }
        },
        Check("every node is ready, and nobody sees how it finds out") { cluster in
            let readers = try await cluster.readers()
            for reader in readers { try await reader.subscribe("**") }
            for gateway in cluster.gateways {
                let client = try await gateway.open()
                client.sendRaw("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let response = try await client.response()
                try require(response.status == 200, "a node that is ready; got \(response)")
                try await cluster.expectNothingElse(readers, after: gateway)
            }
        },
    ]

    private static let oddTopics =
        [
            "a", "A", "a.b", "a:b", "a@b", "a-b", "a_b", "-", "@", ":", "_", "0", "__proto__", "topic:a", "gateway:topic:a", "probe:a",
            "revoked",
            "null", String(repeating: "x", count: 255), String(repeating: "x", count: 254),
        ] + [(0..<16).map { "\($0)" }.joined(separator: "."), (0..<15).map { "\($0)" }.joined(separator: ".")]
}
