import GatewayKit

extension PubSubAdapterConformance {
    /// What arrives.
    static let content: [Check] = [
        Check("data and metadata arrive as the bytes that were sent") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for reader in readers { try await reader.subscribe("bytes") }
            for text in texts {
                publisher.send(#"{"type":"message","topic":"bytes","metadata":{"m":\#(text)},"data":\#(text)}"#)
                for reader in readers {
                    let frame = try await reader.text()
                    try require(
                        frame.contains(#","data":\#(text),"metadata":{"m":\#(text),"senderId":"publisher","#),
                        "\(text) as it was; got \(frame)"
                    )
                }
            }
        },
        Check("a large message arrives whole, and what is behind it after it") { cluster in
            let (readers, publisher) = (try await cluster.readers(), try await cluster.publisher())
            for reader in readers { try await reader.subscribe("large") }
            let text = JSON.string(String(repeating: "0123456789abcdef", count: 900 * 64))
            for round in 0..<3 {
                publisher.publish("large", text)
                publisher.publish("large", .number(Double(round)))
            }
            _ = try await readers.concurrently { reader in
                for round in 0..<3 {
                    try await reader.expectMessage("large", text)
                    try await reader.expectMessage("large", .number(Double(round)))
                }
            }
        },
        Check("sender, connection, type and metadata are the same on every node") { cluster in
            let readers = try await cluster.readers()
            for reader in readers { try await reader.subscribe("who") }
            for (index, gateway) in cluster.gateways.enumerated() {
                let user = "user\(index) \"ä\""
                let publisher = try await TestCluster.client(gateway, user)
                publisher.send([
                    "type": "message", "topic": "who", "data": 1, "eventType": "order.created",
                    "metadata": ["kind": "test", "senderId": "somebody else", "senderConnectionId": "another one"],
                ])
                let frames = try await readers.concurrently { try await $0.expectMessage("who", 1) }
                for frame in frames {
                    let metadata = frame["metadata"]
                    try require(frame["eventType"] == "order.created", "the publisher's eventType; got \(frame)")
                    try require(
                        metadata?["senderId"]?.string == user && metadata?["kind"] == "test", "the sender and its metadata; got \(frame)")
                    let connection = metadata?["senderConnectionId"]?.string
                    try require(connection != nil && connection != "another one", "the sender's connection; got \(frame)")
                    try require(metadata == frames[0]["metadata"], "the same metadata everywhere")
                }
            }
        },
        Check("an event without a connection says so on every node") { cluster in
            let readers = try await cluster.readers()
            for reader in readers { try await reader.subscribe("http") }
            for gateway in cluster.gateways {
                try await gateway.publish(try TestCluster.event(["http"], data: #"{"a":[1.50]}"#))
                for reader in readers {
                    let frame = try await reader.text()
                    try require(
                        frame.contains(#""data":{"a":[1.50]},"metadata":{"senderId":"somebody","senderConnectionId":null}"#),
                        "an event of nobody's connection; got \(frame)")
                }
            }
        },
    ]

    /// JSON that changes where somebody reads and writes it again, and what a protocol of lines and lengths could take for its own.
    private static let texts = [
        #"{"z":1.50,"a":1e3,"a b":-0,"big":12345678901234567890.000,"":null}"#, #"{ "spaces" :  [ 1 , 2 ] }"#,
        #""\u00e4\/\ud83d\ude00\u0000\u001f\"\\""#, #""ä😀\#u{2028}\#u{7f}\#u{feff}漢字""#, #""\r\n$5\r\n*3\r\n+OK\r\n""#,
        #""PUBLISH x y""#, "[[[[[[[[[[]]]]]]]]]]", "null", "0", #""""#,
    ]
}
