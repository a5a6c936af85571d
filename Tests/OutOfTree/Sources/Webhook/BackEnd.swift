import AsyncHTTPClient
import Crypto
import GatewayKit
import NIOCore
import NIOHTTP1
import Synchronization

/// The back end, over HTTP: takes posts at the URLs of the settings, and nowhere else.
final class BackEnd: Sendable {
    private let client: HTTPClient
    private let timeout: Duration
    private let maxAnswer: Int
    private let token: Secret?
    private let key: SymmetricKey?

    /// - Parameter settings: Everything but where to post.
    init(_ settings: WebhookSettings) {
        var configuration = HTTPClient.Configuration(
            // Whoever answers for the back end must not send what the gateway says to somebody else.
            redirectConfiguration: .disallow,
            timeout: .init(connect: settings.timeout.timeAmount))
        // Servers close idle connections, many after 5 s; a request that meets this is lost.
        configuration.connectionPool.idleTimeout = .seconds(4)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.maxConnections
        // Who is not there is told so at once, and not when the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
        timeout = settings.timeout
        maxAnswer = settings.maxAnswer.bytes
        token = settings.token.flatMap { $0.bytes.isEmpty ? nil : $0 }
        key = settings.secret.flatMap { $0.bytes.isEmpty ? nil : SymmetricKey(data: $0.bytes) }
    }

    /// Posts JSON, and reads the answer.
    ///
    /// A connection that ends before anything is answered may have been idle for too long: it is tried once more on another one.
    ///
    /// - Returns: The status, and what came with it where that is one of success; otherwise it is empty.
    /// - Throws: ``BackEndFailure`` where there is no answer, or one that is too large.
    func ask(_ body: ByteBuffer, at url: BackEndURL) async throws(BackEndFailure) -> (status: UInt, body: ByteBuffer) {
        let request = post(of: body, to: url)
        do throws(BackEndFailure) {
            return try await send(request, readsBody: true)
        } catch .closed {
            return try await send(request, readsBody: true)
        }
    }

    /// Posts JSON, once.
    ///
    /// - Returns: The status; what comes with it says nothing.
    /// - Throws: ``BackEndFailure`` where there is no answer.
    func post(_ body: ByteBuffer, to url: BackEndURL) async throws(BackEndFailure) -> UInt {
        try await send(post(of: body, to: url), readsBody: false).status
    }

    /// Whether anything answers there.
    ///
    /// - Throws: ``BackEndFailure`` where nothing does.
    func knock(at url: BackEndURL) async throws(BackEndFailure) {
        var request = HTTPClientRequest(url: url.text)
        request.method = .HEAD
        _ = try await send(request, readsBody: false)
    }

    private func post(of body: ByteBuffer, to url: BackEndURL) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url.text)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "gateway")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(String(decoding: token.bytes, as: UTF8.self))") }
        if let key { request.headers.add(name: "x-gateway-signature", value: "sha256=\(Self.signature(body, key))") }
        request.body = .bytes(body)
        return request
    }

    private func send(_ request: HTTPClientRequest, readsBody: Bool) async throws(BackEndFailure) -> (status: UInt, body: ByteBuffer) {
        // The status of an answer whose body says nothing, however long that takes.
        let known = Known()
        do {
            return try await withThrowingTaskGroup(of: (status: UInt, body: ByteBuffer).self) { [self] group in
                group.addTask { [self] in
                    let response = try await client.execute(request, timeout: timeout.timeAmount)
                    let status = response.status.code
                    if readsBody, (200..<300).contains(status) { return (status, try await response.body.collect(upTo: maxAnswer)) }
                    known.status.withLock { $0 = status }
                    // The status says it all, however large the body is and however it ends: a client may be able to choose that. What
                    // is read to its end leaves a connection for the next request.
                    _ = try? await response.body.collect(upTo: maxAnswer)
                    return (status, ByteBuffer())
                }
                group.addTask { [self] in
                    // The deadline of the whole answer: the client's own ends where the body begins.
                    try await Task.sleep(for: timeout)
                    if let status = known.status.withLock({ $0 }) { return (status, ByteBuffer()) }
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch {
            throw BackEndFailure(error, timeout: timeout, maxAnswer: maxAnswer)
        }
    }

    private final class Known: Sendable {
        let status = Mutex<UInt?>(nil)
    }

    private static func signature(_ body: ByteBuffer, _ key: SymmetricKey) -> String {
        HMAC<SHA256>.authenticationCode(for: Array(body.readableBytesView), using: key).reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    /// Ends what is under way.
    func close() async { try? await client.shutdown() }
}
