import Foundation
import GatewayKit
import GatewayServer
import GatewayTestKit
import Glibc
import Testing

/// The section about tokens that are revoked.
struct RevocationSpec {
    // Promise: revocation.token
    @Test(arguments: eventLoops) func `the connection of a revoked token is told and closed, the others stay`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let revoked = try await gateway.client("alice", ["jti": "t1"])
            let others = [try await gateway.client("alice", ["jti": "t2"]), try await gateway.client("bob")]
            try await revoked.subscribe("chat")
            try await gateway.revoke(Revocation(.token("t1")))
            try await revoked.expectError(401, "revoked")
            try await revoked.expectClose(1008, "revoked")
            for other in others { try await other.expectNothingElse() }
        }
    }

    // Promise: revocation.session
    @Test(arguments: eventLoops) func `every connection of a revoked login is closed`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let revoked = [try await gateway.client("alice", ["sid": "s1"]), try await gateway.client("alice", ["sid": "s1"])]
            let others = [try await gateway.client("alice", ["sid": "s2"]), try await gateway.client("alice")]
            try await gateway.revoke(Revocation(.session("s1")))
            for client in revoked {
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
            for other in others { try await other.expectNothingElse() }
        }
    }

    // Promise: revocation.user
    @Test(arguments: eventLoops) func `a user's tokens are revoked up to a time`(loops: Int) async throws {
        try await withGateway(quiet, loops: loops) { gateway in
            let old = try await gateway.client("alice")
            let undated = try await gateway.client("alice", ["iat": .null])
            let bob = try await gateway.client("bob")
            let time = gateway.clock.timestamp
            gateway.advance(by: .seconds(1))
            let new = try await gateway.client("alice")
            try await gateway.revoke(Revocation(.user("alice", issuedUntil: time)))
            for client in [old, undated] {
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
            for client in [new, bob] { try await client.expectNothingElse() }
        }
    }

    // Promise: revocation.told
    @Test(arguments: eventLoops) func `nothing reaches a revoked connection after the revocation has returned`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let revoked = try await gateway.client("alice", ["jti": "t1"])
            try await revoked.subscribe("chat")
            let bob = try await gateway.client("bob")
            try await gateway.revoke(Revocation(.token("t1")))
            try await bob.publishAcknowledged("chat", "not for alice")
            try await revoked.expectError(401, "revoked")
            try await revoked.expectClose(1008, "revoked")
        }
    }

    // Promise: revocation.auth
    @Test func `a revoked token does not get in, and a new one does`() async throws {
        try await withGateway { gateway in
            try await gateway.revoke(Revocation(.token("t1")))
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": .string(try await gateway.token("alice", ["jti": "t1"]))])
            let frame = try await client.expect("auth_error")
            #expect(frame["code"] == 401)
            #expect(frame["message"] == "Invalid token")
            #expect(frame["details"]?["reason"] == "revoked")
            try await client.authenticate(try await gateway.token("alice", ["jti": "t2"]))
        }
    }

    // Promise: revocation.renewal
    @Test func `a connection that has renewed its token outlives the old one`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client("alice", ["jti": "t1"])
            try await client.authenticate(try await gateway.token("alice", ["jti": "t2"]))
            try await gateway.revoke(Revocation(.token("t1")))
            try await client.expectNothingElse()
            try await gateway.revoke(Revocation(.token("t2")))
            try await client.expectError(401, "revoked")
            try await client.expectClose(1008, "revoked")
        }
    }

    // Promise: revocation.race
    @Test(arguments: eventLoops) func `a verdict from before the revocation lets nobody in after it`(loops: Int) async throws {
        let key = UUID().uuidString
        let layer = "pipeline: {auth: [waiting, jwt]}\nmodules: {waiting: {gate: \(key)}}"
        try await withGateway(layer, loops: loops) { gateway in
            let client = try await gateway.connect()
            client.send(["type": "auth", "token": "anything"])
            try await eventually("the verdict is awaited") { Gate.named(key).arrived == 1 }
            try await gateway.revoke(Revocation(.user("waited", issuedUntil: gateway.clock.timestamp)))
            Gate.named(key).open()
            #expect(try await client.expect("auth_error")["details"]?["reason"] == "revoked")
        }
    }

    // Promise: revocation.many
    @Test(arguments: eventLoops) func `three hundred connections of a user all go, by many revocations at once`(loops: Int) async throws {
        try await withGateway(quiet, unlimited, loops: loops) { gateway in
            let bob = try await gateway.client("bob")
            var clients: [TestClient] = []
            for number in 0..<300 { clients.append(try await gateway.client("alice", ["jti": .string("t\(number)")])) }
            try await concurrently(0..<10) { number in try await gateway.revoke(Revocation(.token("t\(number)"))) }
            try await gateway.revoke(Revocation(.user("alice", issuedUntil: gateway.clock.timestamp)))
            for client in clients {
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
            try await bob.expectNothingElse()
        }
    }

    // Promise: revocation.restart
    @Test func `what was revoked stays so over a restart`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let layer = "modules: {jwt: {revocations: \(folder.path)/revocations.sqlite}}"
        try await withGateway(layer) { try await $0.revoke(Revocation(.token("t1"))) }
        try await withGateway(layer) { try await Self.expectRevoked("t1", $0) }
    }

    // Promise: revocation.elsewhere
    @Test func `what another process revokes closes connections here`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let layer = "modules: {jwt: {revocations: \(folder.path)/revocations.sqlite}}"
        try await withGateway(quiet, layer) { gateway in
            let client = try await gateway.client("alice", ["jti": "t1"])
            try await withGateway(quiet, layer) { try await $0.revoke(Revocation(.token("t1"))) }
            try await client.expectError(401, "revoked")
            try await client.expectClose(1008, "revoked")
        }
    }

    // Promise: revocation.kill
    @Test func `kill -9 right after a revocation has returned loses nothing`() async throws {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            let folder = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString)").path
            try await withGateway("modules: {jwt: {revocations: \(folder)/revocations.sqlite}}") { gateway in
                let line = "folder \(folder)\n"
                write(STDOUT_FILENO, line, line.utf8.count)
                try await gateway.revoke(Revocation(.token("t1")))
                kill(getpid(), SIGKILL)
            }
        }
        let output = try String(decoding: #require(result).standardOutputContent, as: UTF8.self)
        let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("folder ") })
        let folder = line.dropFirst("folder ".count)
        defer { try? FileManager.default.removeItem(atPath: String(folder)) }
        try await withGateway("modules: {jwt: {revocations: \(folder)/revocations.sqlite}}") { try await Self.expectRevoked("t1", $0) }
    }

    // Promise: revocation.broken
    @Test func `a gateway that cannot read what was revoked does not start`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "spec-\(UUID().uuidString).sqlite")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("no database".utf8).write(to: file)
        await #expect(throws: ConfigurationFailure.self) {
            try await withGateway("modules: {jwt: {revocations: \(file.path)}}") { _ in }
        }
    }

    /// The token with the id is refused, and another one of the user is not.
    private static func expectRevoked(_ id: String, _ gateway: TestGateway) async throws {
        let client = try await gateway.connect()
        client.send(["type": "auth", "token": .string(try await gateway.token("alice", ["jti": .string(id)]))])
        #expect(try await client.expect("auth_error")["details"]?["reason"] == "revoked")
        try await client.authenticate(try await gateway.token("alice", ["jti": "another"]))
    }
}
