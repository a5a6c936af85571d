import Foundation
import GatewayKit
import GatewayTestKit
import Glibc
import Logging
import Testing

@testable import JWTModule

/// A process that is killed, for which the test starts itself anew.
struct RevocationKillTests {
    private static func store(_ path: String) -> RevocationStore {
        RevocationStore(FilePath(path), clock: ManualClock().gatewayClock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `kill -9 in the midst of revocations loses none that has returned`() async throws {
        let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            let path = FileManager.default.temporaryDirectory.appending(path: "jwt-\(UUID().uuidString)/revocations.sqlite").path
            let store = Self.store(path)
            var line = "file \(path)\n"
            write(STDOUT_FILENO, line, line.utf8.count)
            await withTaskGroup(of: String?.self) { group in
                for number in 0..<64 {
                    group.addTask { (try? await store.revoke(Revocation(.token("\(number)")))).map { "\(number)" } }
                }
                var returned = 0
                for await id in group {
                    line = "kept \(id ?? "nothing")\n"
                    write(STDOUT_FILENO, line, line.utf8.count)
                    returned += 1
                    // The rest is under way.
                    if returned == 20 { kill(getpid(), SIGKILL) }
                }
            }
        }
        let output = try String(decoding: #require(result).standardOutputContent, as: UTF8.self)
        let words = output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        let path = try #require(words.first { $0.first == "file" }?.last)
        defer { try? FileManager.default.removeItem(at: URL(fileURLWithPath: path).deletingLastPathComponent()) }
        let kept = words.filter { $0.first == "kept" }.compactMap(\.last)
        #expect(kept.count == 20)
        let store = Self.store(path)
        try await store.start()
        for id in kept { #expect(store.isRevoked(Principal(userID: "ann", tokenID: id)), "\(id)") }
        await store.stop()
    }
}
