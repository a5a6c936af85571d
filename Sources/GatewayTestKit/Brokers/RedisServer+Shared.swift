private import Glibc
private import Synchronization

/// The process of the shared server; 0 where there is none.
private let sharedProcess = Atomic<Int32>(0)

extension RedisServer {
    /// One server for all tests of this process: much faster than one for each, where every test uses a prefix of its own.
    ///
    /// Not to be killed, stopped or flushed. It ends with the process.
    ///
    /// - Returns: The server.
    /// - Throws: ``Unmet`` where `redis-server` is not installed or does not start.
    public static func shared() async throws -> RedisServer { try await sharedServer.value }

    private static let sharedServer = Task {
        let server = try await RedisServer()
        sharedProcess.store(server.processIdentifier, ordering: .relaxed)
        atexit {
            let process = sharedProcess.load(ordering: .relaxed)
            if process > 0 { _ = Glibc.kill(process, SIGKILL) }
        }
        return server
    }
}
