import GatewayKit

extension PubSubAdapterConformance {
    /// An event that goes to several topics is one event: a frame for each of them that a connection subscribed to exactly, then, in their
    /// order, one for a topic that matches a wildcard pattern which has matched none of those sent so far.
    static let severalTopics: [Check] = [
        Check("an event with several topics reaches every subscription on every node, and none twice") { cluster in
            let readers = try await cluster.readers()
            for row in rows {
                for reader in readers { for pattern in row.patterns { try await reader.subscribe(pattern) } }
                for gateway in cluster.gateways {
                    try await gateway.publish(try TestCluster.event(["a", "b", "c", "x.y"]))
                    for reader in readers { for topic in row.topics { try await reader.expectMessage(topic, 1) } }
                    try await cluster.expectNothingElse(readers, after: gateway)
                }
                for reader in readers { for pattern in row.patterns { try await reader.unsubscribe(pattern) } }
            }
        },
        Check("a node gets an event by any of its topics") { cluster in
            // Every node has another interest, so that no two of them are brought the same.
            let rows = [["a"], ["x.*"], ["c", "b"]]
            let readers = try await cluster.readers()
            for (index, reader) in readers.enumerated() { for topic in rows[index / 2 % 3] { try await reader.subscribe(topic) } }
            for gateway in cluster.gateways {
                try await gateway.publish(try TestCluster.event(["a", "b", "c", "x.y"]))
                for (index, reader) in readers.enumerated() {
                    for topic in [["a"], ["x.y"], ["b", "c"]][index / 2 % 3] { try await reader.expectMessage(topic, 1) }
                }
                try await cluster.expectNothingElse(readers, after: gateway)
            }
        },
    ]

    private static let rows: [(patterns: [String], topics: [String])] = [
        (["b", "c"], ["b", "c"]), (["*"], ["a"]), (["**"], ["a"]), (["b", "*"], ["b"]), (["c", "x.*"], ["c", "x.y"]),
        (["*", "x.*"], ["a", "x.y"]), (["a", "*"], ["a"]), (["x.**", "**"], ["a", "x.y"]), (["z"], []),
    ]
}
