import Foundation
import GatewayKit
import GatewayTestKit
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A server with a certificate that no authority of the system has signed.
final class RedisTLSTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(TestCertificate.certificate.utf8).write(to: folder.appending(path: "certificate.pem"))
        try Data(TestCertificate.key.utf8).write(to: folder.appending(path: "key.pem"))
    }

    private let server = Mutex<RedisServer?>(nil)

    deinit { try? FileManager.default.removeItem(at: folder) }

    private var certificate: String { folder.appending(path: "certificate.pem").path }

    /// Starts a server; gives the port where it speaks TLS.
    private func start() async throws -> Int {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await listener.close()
        let arguments = [
            "--tls-port", String(port), "--tls-cert-file", certificate, "--tls-key-file", folder.appending(path: "key.pem").path,
            "--tls-auth-clients", "no",
        ]
        let server = try await RedisServer(arguments)
        self.server.withLock { $0 = server }
        return port
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `a certificate of a trusted authority is taken, by name and by address`(host: String) async throws {
        let port = try await start()
        let adapter = try await TestAdapter("rediss://\(host):\(port)", "tls_authorities: \"\(certificate)\"").up()
        #expect(try await adapter.subscribe("a") == nil)
        #expect(try await adapter.publish("a") == nil)
        try await eventually("the event comes") { adapter.sink.delivered == ["a: 1"] }
    }

    @Test func `any other certificate is refused, in words that name the cure`() async throws {
        let port = try await start()
        let adapter = try await TestAdapter("rediss://localhost:\(port)")
        try await adapter.says("no TLS connection to localhost:\(port)")
        try await adapter.says("tls_authorities")
        #expect(try await adapter.publish("a")?.reason == .brokerUnavailable)
    }

    @Test func `a server that speaks no TLS is told`() async throws {
        let server = try await RedisServer()
        let adapter = try await TestAdapter("rediss://localhost:\(server.port)", "connect_timeout: 1s")
        try await adapter.says("localhost:\(server.port)")
        #expect(try await server.command("PING") == "PONG\n")
    }
}
