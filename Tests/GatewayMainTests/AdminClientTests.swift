import Foundation
import GatewayKit
import NIOCore
import Testing

@testable import GatewayMain

struct AdminClientTests {
    @Test func `a gateway that runs answers by its socket, refusals too`() async throws {
        let file = workingConfiguration.replacing("admin: {port: 0}", with: "admin: {port: 0, socket: gateway.sock}")
        try await withConfiguration(file) { file in
            let program = Program(environment: workingEnvironment)
            async let status = program.run("run", "-c", file)
            _ = await program.error.line(with: "listening on http")
            let socket = URL(filePath: file).deletingLastPathComponent().appending(path: "gateway.sock").path
            let client = AdminClient(socket: FilePath(socket))
            #expect(try await client.call(.get, "/admin/v1/log-level").data == .object(["level": .string("info")]))
            let changed = try await client.call(.put, "/admin/v1/log-level", .object(["level": .string("error")]))
            #expect(changed.status == 200 && changed.refusal == nil)
            let refused = try await client.call(.put, "/admin/v1/log-level", .object(["level": .string("loud")]))
            #expect(refused.status == 400 && refused.data == nil)
            #expect(refused.refusal?.hasPrefix("HTTP 400: ") == true && refused.refusal?.contains("level") == true)
            program.signal(SIGTERM)
            #expect(await status == 0)
        }
    }

    @Test func `where nobody listens, no gateway runs`() async throws {
        let missing = AdminClient(socket: FilePath("/nowhere/gateway.sock"))
        await #expect(throws: AdminCallFailure.notRunning) { try await missing.call(.get, "/livez") }
        try await withSocket(.dead) { path in
            let dead = AdminClient(socket: FilePath(path))
            await #expect(throws: AdminCallFailure.notRunning) { try await dead.call(.get, "/livez") }
        }
        let words = AdminCallFailure.notRunning.inWords(missing)
        #expect(words.message == "no gateway runs: nobody listens on /nowhere/gateway.sock" && words.help != nil)
    }

    @Test func `what never answers is left when its time is over`() async throws {
        try await withSocket(.silent) { path in
            let client = AdminClient(socket: FilePath(path), patience: .milliseconds(100))
            await #expect(throws: AdminCallFailure.silent) { try await client.call(.get, "/livez") }
        }
    }

    @Test(
        arguments: [
            .closing, .saying("hello\r\n"), .saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
            .long(9 << 20),
        ] as [SocketManner])
    func `what is no gateway is told`(manner: SocketManner) async throws {
        try await withSocket(manner) { path in
            let client = AdminClient(socket: FilePath(path), patience: .seconds(60))
            await #expect(throws: AdminCallFailure.broken) { try await client.call(.get, "/livez") }
        }
    }

    @Test(arguments: [
        (EACCES, "is not for this user"), (EAGAIN, "too many wait already"), (ENOTSOCK, "cannot reach"),
        (ECONNREFUSED, "no gateway runs"),
    ])
    func `what the system says is put in words`(number: Int32, words: String) {
        let failure = AdminCallFailure(connecting: IOError(errnoCode: number, reason: "connect"))
        let message = failure.inWords(AdminClient(socket: FilePath("/run/gateway.sock"))).message
        #expect(message.contains(words) && message.contains("/run/gateway.sock"))
    }
}
