/// What a ``TestClient`` got from the server, in the order of arrival.
public enum Received: Sendable, Equatable {
    /// An answer to an HTTP request, the 101 included.
    case response(TestResponse)
    /// A text message, put together from its frames.
    case text(String)
    /// A binary message, put together from its frames.
    case binary([UInt8])
    /// An RFC 6455 ping; answered already, unless the client was told not to.
    case ping([UInt8])
    /// An RFC 6455 pong.
    case pong([UInt8])
    /// A close frame; 1005 where it has no code.
    case close(code: Int, reason: String)
    /// The server ended the stream in order (FIN).
    case end
    /// The server broke the connection (RST), or the socket failed.
    case reset
    /// The server broke RFC 6455; the text says how.
    case violation(String)
}

/// An HTTP response as it came.
public struct TestResponse: Sendable, Equatable {
    /// The status code.
    public let status: Int
    /// The header lines: names in lower case, values trimmed.
    public let headers: [Header]
    /// The body.
    public let body: String

    /// One header line.
    public struct Header: Sendable, Equatable {
        /// The name in lower case.
        public let name: String
        /// The value, trimmed.
        public let value: String
    }

    /// The first value of a header.
    ///
    /// - Parameter name: In lower case.
    public subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body as JSON; `null` where it is none.
    public var json: JSON { (try? JSON(parsing: body)) ?? .null }
}

/// Why a ``TestClient`` gave up; thrown, so that the test fails with it.
public enum TestClientError: Error, Sendable, CustomStringConvertible {
    /// Nothing came before the deadline.
    case nothingCame(waitingFor: String)
    /// The connection had ended already.
    case ended(waitingFor: String)
    /// Something else came.
    case unexpected(Received, wanted: String)

    /// What was wanted and what came.
    public var description: String {
        switch self {
        case .nothingCame(let wanted): "nothing came within the deadline; wanted \(wanted)"
        case .ended(let wanted): "the connection had ended; wanted \(wanted)"
        case .unexpected(let received, let wanted): "got \(received), wanted \(wanted)"
        }
    }
}
