internal import NIOCore

extension TestClient {
    /// The next thing that came, whatever it is.
    ///
    /// - Parameter wanted: What the test waits for; stands in the error.
    /// - Returns: What came.
    /// - Throws: ``TestClientError`` where nothing comes within the client's patience, or the connection had ended.
    public func next(waitingFor wanted: String = "anything") async throws -> Received {
        try await inbox.next(within: manners.patience, on: channel.eventLoop, wanted: wanted)
    }

    /// The next thing that came but pings.
    ///
    /// - Parameter wanted: What the test waits for; stands in the error.
    /// - Returns: What came that is no ping.
    /// - Throws: ``TestClientError`` where nothing comes, or the connection had ended.
    public func nextButPings(waitingFor wanted: String = "anything but pings") async throws -> Received {
        while true {
            let received = try await next(waitingFor: wanted)
            guard case .ping = received else { return received }
        }
    }

    /// The next text message as it came; pings are passed over.
    ///
    /// - Throws: ``TestClientError`` where anything else comes.
    public func text() async throws -> String {
        let received = try await nextButPings(waitingFor: "a text message")
        guard case .text(let text) = received else { throw TestClientError.unexpected(received, wanted: "a text message") }
        return text
    }

    /// The next frame of the gateway's protocol; held to have a type and a timestamp in UTC with milliseconds.
    ///
    /// - Throws: ``TestClientError`` where anything else comes.
    public func frame() async throws -> JSON {
        let text = try await text()
        guard let frame = try? JSON(parsing: text), frame["type"]?.string != nil else {
            throw TestClientError.unexpected(.text(text), wanted: "an object with a type")
        }
        guard let timestamp = frame["timestamp"]?.string, timestamp.isUTCWithMilliseconds else {
            throw TestClientError.unexpected(.text(text), wanted: "a timestamp like 2025-11-11T12:00:00.000Z")
        }
        return frame
    }

    /// The next frame, which must be of the type.
    ///
    /// - Parameter type: The frame's `type`.
    /// - Returns: The frame.
    /// - Throws: ``TestClientError`` where anything else comes.
    @discardableResult
    public func expect(_ type: String) async throws -> JSON {
        let frame = try await frame()
        guard frame["type"]?.string == type else { throw TestClientError.unexpected(.text(frame.text), wanted: "a frame '\(type)'") }
        return frame
    }

    /// The next frame, which must be an error.
    ///
    /// - Parameters:
    ///   - code: The error's code.
    ///   - reason: The error's `details.reason`.
    /// - Returns: The frame.
    /// - Throws: ``TestClientError`` where anything else comes.
    @discardableResult
    public func expectError(_ code: Int, _ reason: String) async throws -> JSON {
        let frame = try await expect("error")
        guard frame["code"]?.integer == code, frame["details"]?["reason"]?.string == reason, frame["message"]?.string?.isEmpty == false
        else {
            throw TestClientError.unexpected(.text(frame.text), wanted: "error \(code) \(reason)")
        }
        return frame
    }

    /// A close frame next, and then the end of the stream.
    ///
    /// - Parameters:
    ///   - code: The close code.
    ///   - reason: The close reason; nil takes any.
    /// - Throws: ``TestClientError`` where anything else comes.
    public func expectClose(_ code: Int, _ reason: String? = nil) async throws {
        let wanted = "close \(code) \(reason ?? "")"
        let received = try await nextButPings(waitingFor: wanted)
        guard case .close(code, let text) = received, reason == nil || reason == text else {
            throw TestClientError.unexpected(received, wanted: wanted)
        }
        try await expectEnd()
    }

    /// The end of the stream next, in order and not by a reset.
    ///
    /// - Throws: ``TestClientError`` where anything else comes.
    public func expectEnd() async throws {
        let received = try await nextButPings(waitingFor: "the end of the stream")
        guard received == .end else { throw TestClientError.unexpected(received, wanted: "the end of the stream") }
    }

    /// An HTTP response next.
    ///
    /// - Throws: ``TestClientError`` where anything else comes.
    public func response() async throws -> TestResponse {
        let received = try await next(waitingFor: "an HTTP response")
        guard case .response(let response) = received else { throw TestClientError.unexpected(received, wanted: "an HTTP response") }
        return response
    }
}

extension String {
    /// Whether it looks like `2025-11-11T12:00:00.000Z`.
    fileprivate var isUTCWithMilliseconds: Bool {
        let form = "0000-00-00T00:00:00.000Z"
        return utf8.count == form.utf8.count
            && zip(utf8, form.utf8).allSatisfy { $1 == UInt8(ascii: "0") ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) : $0 == $1 }
    }
}
