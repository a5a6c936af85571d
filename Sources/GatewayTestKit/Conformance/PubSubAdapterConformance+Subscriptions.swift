import GatewayKit

extension PubSubAdapterConformance {
    /// When a subscription begins and ends.
    static let subscriptions: [Check] = [
        Check("nothing that is published on any node after subscribed is missed") { cluster in
            let publishers = try await cluster.publishers()
            for (index, reader) in try await cluster.readers().enumerated() {
                for publisher in publishers {
                    for round in 0..<10 {
                        let pattern = ["since.topic", "since.*", "*.topic", "**"][(index + round) % 4]
                        try await reader.subscribe(pattern)
                        publisher.publish("since.topic", .number(Double(round)))
                        try await reader.expectMessage("since.topic", .number(Double(round)))
                        try await reader.unsubscribe(pattern)
                    }
                }
            }
        },
        Check("nothing comes after unsubscribed, though others on the node still get it") { cluster in
            let (leavers, keepers) = (try await cluster.readers("leaver"), try await cluster.readers("keeper"))
            let publisher = try await cluster.publisher()
            for keeper in keepers { try await keeper.subscribe("left.*") }
            for pattern in ["left.topic", "left.*", "**"] {
                for leaver in leavers { try await leaver.subscribe(pattern) }
                try await publisher.publishAcknowledged("left.topic", "before")
                for reader in leavers + keepers { try await reader.expectMessage("left.topic", "before") }
                for leaver in leavers { try await leaver.unsubscribe(pattern) }
                try await publisher.publishAcknowledged("left.topic", "after")
                for keeper in keepers { try await keeper.expectMessage("left.topic", "after") }
                try await cluster.expectNothingElse(leavers, after: publisher)
            }
        },
        Check("another pattern keeps what one that ends had brought") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for (staying, going) in [("kept.topic", "kept.*"), ("kept.*", "kept.topic"), ("kept.topic", "**"), ("*.topic", "kept.**")] {
                for reader in readers {
                    try await reader.subscribe(going, staying)
                    try await reader.unsubscribe(going)
                }
                try await publisher.publishAcknowledged("kept.topic", "still")
                for reader in readers {
                    try await reader.expectMessage("kept.topic", "still")
                    try await reader.unsubscribe(staying)
                }
            }
        },
        Check("unsubscribe and subscribe at once leave a subscription") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for pattern in ["again.topic", "again.*"] {
                for reader in readers { try await reader.subscribe(pattern) }
                for round in 0..<20 {
                    for reader in readers {
                        reader.send([
                            ["type": "unsubscribe", "topic": .string(pattern)], ["type": "subscribe", "topic": .string(pattern)],
                        ])
                    }
                    for reader in readers {
                        try await reader.expect("unsubscribed")
                        try await reader.expect("subscribed")
                    }
                    publisher.publish("again.topic", .number(Double(round)))
                    for reader in readers { try await reader.expectMessage("again.topic", .number(Double(round))) }
                }
                for reader in readers { try await reader.unsubscribe(pattern) }
            }
            try await cluster.expectNothingElse(readers, after: publisher)
        },
        Check("who leaves without a word takes nothing from the others") { cluster in
            let publisher = try await cluster.publisher()
            let readers = try await cluster.readers()
            for reader in readers { try await reader.subscribe("gone.*") }
            for round in 0..<5 {
                for leaver in try await cluster.readers("leaver") {
                    try await leaver.subscribe("gone.topic", "gone.*")
                    await leaver.reset()
                }
                publisher.publish("gone.topic", .number(Double(round)))
                for reader in readers { try await reader.expectMessage("gone.topic", .number(Double(round))) }
            }
        },
    ]
}
