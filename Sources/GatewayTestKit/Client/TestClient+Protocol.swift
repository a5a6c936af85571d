extension TestClient {
    /// Sends `auth` and waits for `auth_success`.
    ///
    /// - Parameter token: The token.
    /// - Returns: The frame.
    /// - Throws: ``TestClientError`` where anything else comes.
    @discardableResult
    public func authenticate(_ token: String) async throws -> JSON {
        send(["type": "auth", "token": .string(token)])
        return try await expect("auth_success")
    }

    /// Subscribes and waits for `subscribed`, one topic after the other.
    ///
    /// - Parameter topics: Topics or patterns.
    /// - Throws: ``TestClientError`` where anything else comes.
    public func subscribe(_ topics: String...) async throws {
        for topic in topics {
            send(["type": "subscribe", "topic": .string(topic)])
            let frame = try await expect("subscribed")
            guard frame["topic"]?.string == topic else {
                throw TestClientError.unexpected(.text(frame.text), wanted: "subscribed to \(topic)")
            }
        }
    }

    /// Unsubscribes and waits for `unsubscribed`.
    ///
    /// - Parameter topic: The topic or pattern.
    /// - Throws: ``TestClientError`` where anything else comes.
    public func unsubscribe(_ topic: String) async throws {
        send(["type": "unsubscribe", "topic": .string(topic)])
        try await expect("unsubscribed")
    }

    /// Publishes, and does not wait.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - data: The body.
    public func publish(_ topic: String, _ data: JSON = true) {
        send(["type": "message", "topic": .string(topic), "data": data])
    }

    /// Publishes and waits for the `ack`.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - data: The body.
    /// - Throws: ``TestClientError`` where anything else comes.
    public func publishAcknowledged(_ topic: String, _ data: JSON = true) async throws {
        send(["type": "message", "topic": .string(topic), "data": data, "ack": true])
        try await expect("ack")
    }

    /// Sends `ping` and wants its `pong` next: nothing else was on its way as an answer to this client.
    ///
    /// - Throws: ``TestClientError`` where anything else comes.
    public func expectNothingElse() async throws {
        send(["type": "ping", "id": "nothing-else"])
        let frame = try await expect("pong")
        guard frame["requestId"]?.string == "nothing-else" else {
            throw TestClientError.unexpected(.text(frame.text), wanted: "the pong of this ping")
        }
    }

    /// The next frame, which must be a broadcast of the topic.
    ///
    /// - Parameters:
    ///   - topic: The concrete topic.
    ///   - data: What the body must be; nil takes any.
    /// - Returns: The frame.
    /// - Throws: ``TestClientError`` where anything else comes.
    @discardableResult
    public func expectMessage(_ topic: String, _ data: JSON? = nil) async throws -> JSON {
        let frame = try await expect("message")
        guard frame["topic"]?.string == topic, data == nil || frame["data"] == data else {
            throw TestClientError.unexpected(.text(frame.text), wanted: "a message on \(topic)\(data.map { " with \($0)" } ?? "")")
        }
        return frame
    }
}
