import GatewayKit

extension PubSubAdapterConformance {
    /// Who gets what is published.
    static let delivery: [Check] = [
        Check("an exact topic reaches its subscribers on every node") { cluster in
            let readers = try await cluster.readers()
            for reader in readers { try await reader.subscribe("chat.room") }
            for publisher in try await cluster.publishers() {
                try await publisher.publishAcknowledged("chat.other", 0)
                try await publisher.publishAcknowledged("chat.room", 1)
                try await publisher.publishAcknowledged("chat.room.other", 2)
                for reader in readers { try await reader.expectMessage("chat.room", 1) }
                try await cluster.expectNothingElse(readers, after: publisher)
            }
        },
        Check("a wildcard reaches its subscribers on every node") { cluster in
            let publishers = try await cluster.publishers()
            let readers = try await cluster.readers()
            for row in wildcards {
                for reader in readers { try await reader.subscribe(row.pattern) }
                for publisher in publishers {
                    for topic in row.no + row.yes { try await publisher.publishAcknowledged(topic) }
                    for reader in readers { for topic in row.yes { try await reader.expectMessage(topic) } }
                    try await cluster.expectNothingElse(readers, after: publisher)
                }
                for reader in readers { try await reader.unsubscribe(row.pattern) }
            }
        },
        Check("the sender gets its own message, once") { cluster in
            for sender in try await cluster.publishers() {
                try await sender.subscribe("own.topic", "own.*")
                sender.publish("own.topic", "mine")
                try await sender.expectMessage("own.topic", "mine")
                sender.publish("own.other", "this too")
                try await sender.expectMessage("own.other", "this too")
                try await sender.unsubscribe("own.*")
                try await sender.unsubscribe("own.topic")
            }
        },
        Check("many patterns at once all get what is theirs") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            let numbers = 0..<50
            for reader in readers { for number in numbers { try await reader.subscribe("m\(number).a.*", "n.\(number).*.x") } }
            try await expectMany(numbers, readers, publisher)
            for reader in readers {
                for number in numbers.dropFirst(2) {
                    try await reader.unsubscribe("m\(number).a.*")
                    try await reader.unsubscribe("n.\(number).*.x")
                }
            }
            try await expectMany(numbers.prefix(2), readers, publisher)
            for reader in readers { for number in numbers { try await reader.subscribe("m\(number).a.*", "n.\(number).*.x") } }
            try await expectMany(numbers, readers, publisher)
            try await cluster.expectNothingElse(readers, after: publisher)
        },
    ]

    /// Patterns with topics that they match and that they do not.
    private static let wildcards: [(pattern: String, yes: [String], no: [String])] = [
        ("*", ["a"], ["a.b"]), ("*.b", ["a.b"], ["b", "a.b.b", "a.c"]), ("a.*.c", ["a.b.c"], ["a.c", "a.b.d", "a.b.b.c"]),
        ("a.b.c.*", ["a.b.c.d"], ["a.b.c", "a.b.d.d", "a.b.c.d.e"]), ("**", ["a", "a.b", "a.b.c.d"], []),
        ("a.**", ["a.b", "a.b.c"], ["a", "b.a", "ab.c"]), ("a.*.**", ["a.b.c", "a.b.c.d"], ["a.b"]),
    ]

    private static func expectMany(_ numbers: some Sequence<Int>, _ readers: [TestClient], _ publisher: TestClient) async throws {
        for number in numbers {
            publisher.publish("m\(number).b.t", "nobody's")
            publisher.publish("m\(number).a.t", .number(Double(number)))
            publisher.publish("n.\(number).y.x", .number(Double(number)))
        }
        for reader in readers {
            for number in numbers {
                try await reader.expectMessage("m\(number).a.t", .number(Double(number)))
                try await reader.expectMessage("n.\(number).y.x", .number(Double(number)))
            }
        }
    }
}
