private import Foundation
private import NIOCore
private import NIOPosix
private import Synchronization

/// A real `redis-server` of a test's own, on a free port of 127.0.0.1, that can be made to fail.
///
/// Keeps nothing on disk. It is killed with the last reference to it.
public final class RedisServer: Sendable {
    /// The port, which stays the same through `restart()`.
    public let port: Int
    private let arguments: [String]
    private let process = Mutex<Process?>(nil)

    /// Starts a server and waits until it answers.
    ///
    /// - Parameter arguments: Further arguments of `redis-server`, as `["--requirepass", "secret"]`.
    /// - Throws: ``Unmet`` where `redis-server` is not installed or does not start.
    public init(_ arguments: [String] = []) async throws {
        self.arguments = arguments
        port = try await Self.freePort()
        try await start()
    }

    deinit {
        if let server = process.withLock({ $0 }) { Foundation.kill(server.processIdentifier, SIGKILL) }
    }

    /// The URL for `modules.redis.url`.
    public var url: String { "redis://127.0.0.1:\(port)" }

    /// The number of its process; 0 where it does not run.
    var processIdentifier: Int32 { process.withLock { $0?.processIdentifier } ?? 0 }

    /// Starts it where it does not run, and waits until it answers.
    public func start() async throws {
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments =
            ["redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]
            + arguments
        server.currentDirectoryURL = FileManager.default.temporaryDirectory
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        process.withLock { $0 = server }
        try await eventually("redis-server answers (it is in the Debian package redis-server)") {
            guard server.isRunning else { throw Unmet(what: "a redis-server that runs: it ended with \(server.terminationStatus)") }
            return (try? await command("PING")) != nil
        }
    }

    /// Ends it at once, as a power cut does (SIGKILL).
    public func kill() async throws {
        try await signal(SIGKILL)
        try await eventually("redis-server is dead") { process.withLock { $0?.isRunning } != true }
    }

    /// Lets it stand still: it takes connections and answers nothing (SIGSTOP).
    ///
    /// Returns once it does.
    public func freeze() async throws {
        try await signal(SIGSTOP)
        let status = "/proc/\(processIdentifier)/stat"
        try await eventually("redis-server stands still") { try String(contentsOfFile: status, encoding: .utf8).contains(") T ") }
    }

    /// Lets it go on (SIGCONT).
    public func thaw() async throws { try await signal(SIGCONT) }

    private func signal(_ number: Int32) async throws {
        guard let server = process.withLock({ $0 }) else { return }
        Foundation.kill(server.processIdentifier, number)
    }

    /// Sends a command of words without spaces over a connection of its own.
    ///
    /// - Parameter words: The command, as `"CLIENT KILL TYPE pubsub"`.
    /// - Returns: The answer as `redis-cli` prints it.
    /// - Throws: ``Unmet`` where the server is not reachable or refuses.
    @discardableResult
    public func command(_ words: String) async throws -> String {
        let client = Process()
        let output = Pipe()
        client.executableURL = URL(filePath: "/usr/bin/env")
        client.arguments = ["redis-cli", "-e", "-p", String(port)] + words.split(separator: " ").map(String.init)
        client.standardInput = FileHandle.nullDevice
        client.standardOutput = output
        client.standardError = output
        return try await withCheckedThrowingContinuation { continuation in
            client.terminationHandler = { client in
                let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                let isGood = client.terminationStatus == 0 || text.contains("NOAUTH")
                continuation.resume(with: isGood ? .success(text) : .failure(Unmet(what: "\(words) at Redis: \(text)")))
            }
            do {
                try client.run()
            } catch {
                client.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }

    /// A port that nobody listens on now.
    private static func freePort() async throws -> Int {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup).bind(host: "127.0.0.1", port: 0).get()
        let port = listener.localAddress?.port
        try await listener.close()
        guard let port else { throw Unmet(what: "a free port") }
        return port
    }
}
