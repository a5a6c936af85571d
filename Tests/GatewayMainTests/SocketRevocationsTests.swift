import GatewayKit
import Testing

@testable import GatewayMain

struct SocketRevocationsTests {
    @Test func `where a gateway has found the change itself, no number is told`() async throws {
        try await withSocket(.disconnected(0)) { path in
            let revocations = SocketRevocations(AdminClient(socket: FilePath(path)), keptBy: Nowhere())
            #expect(words(revocations) == "the gateway that runs found the change before it was told, and closes the connections itself")
            try await revocations.revoke(Revocation(.token("t1")))
            #expect(words(revocations) == "no connection was left to close")
        }
    }

    @Test func `connections are counted over all that was revoked, and anew where that is wanted`() async throws {
        try await withSocket(.disconnected(2)) { path in
            let revocations = SocketRevocations(AdminClient(socket: FilePath(path)), keptBy: Nowhere())
            try await revocations.revoke([Revocation(.token("t1")), Revocation(.token("t2"))])
            #expect(words(revocations) == "4 connections closed")
            revocations.countAnew()
            try await revocations.revoke(Revocation(.token("t3")))
            #expect(words(revocations) == "2 connections closed")
        }
    }

    @Test func `whoever did not answer is not asked again`() async throws {
        try await withSocket(.closing) { path in
            let revocations = SocketRevocations(AdminClient(socket: FilePath(path)), keptBy: Nowhere())
            try await revocations.revoke(Revocation(.token("t1")))
            revocations.countAnew()
            #expect(words(revocations).contains("did not answer as a gateway does"))
        }
    }

    /// What is told.
    private func words(_ revocations: SocketRevocations) -> String {
        let lines = Collected()
        revocations.outcome.tell(
            Terminal(
                output: { lines.append($0) }, error: { lines.append($0) }, lines: { AsyncStream { $0.finish() } },
                terminations: { AsyncStream { $0.finish() } }, outputEnded: { AsyncStream { $0.finish() } }, hasColor: false,
                isInteractive: false))
        return lines.text
    }
}

/// Keeps nothing.
private struct Nowhere: TokenRevocations {
    func revoke(_ revocations: [Revocation]) async throws {}
    func current() async -> [Revocation] { [] }
    func isRevoked(_ principal: Principal) -> Bool { false }
    func observe(_ observer: @escaping @Sendable (Revocation) -> Void) {}
}
