import Foundation
import GatewayTestKit

/// A program that a test runs, with what it wrote.
final class Program: Sendable {
    private let process: Process
    private let output: URL

    /// Starts a program.
    ///
    /// - Throws: ``Missing`` where it is not installed; a test that lacks its tool fails, and says what to install.
    init(_ name: String, _ arguments: [String], from package: String, environment: [String: String] = [:], in folder: URL? = nil) throws {
        guard let path = Self.find(name) else { throw Missing(name: name, package: package) }
        output = FileManager.default.temporaryDirectory.appending(path: "spec-output-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: output.path, contents: nil) else { throw Unmet(what: "a file at \(output.path)") }
        let handle = try FileHandle(forWritingTo: output)
        process = Process()
        process.executableURL = path
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        try handle.close()
    }

    deinit {
        if process.isRunning { process.terminate() }
        try? FileManager.default.removeItem(at: output)
    }

    /// What it has written so far, both streams.
    var text: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// Asks it to end (SIGTERM).
    func terminate() { process.terminate() }

    /// Asks it to reload (SIGHUP).
    func hangUp() { Foundation.kill(process.processIdentifier, SIGHUP) }

    /// Ends it as the system does where memory runs out (SIGKILL).
    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Its exit code, once it has ended.
    func exitCode() async throws -> Int32 {
        try await eventually("\(process.arguments ?? []) ends") { !process.isRunning }
        return process.terminationStatus
    }

    /// Where a program lies: a path, beside the scripts of the tests' Python packages, or in PATH.
    private static func find(_ name: String) -> URL? {
        guard !name.contains("/") else { return FileManager.default.isExecutableFile(atPath: name) ? URL(filePath: name) : nil }
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
        return ([packageRoot.appending(path: ".build/python/bin").path] + paths)
            .map { URL(filePath: $0).appending(path: name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

/// The folder of Package.swift.
let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A tool that is not there.
struct Missing: Error, CustomStringConvertible {
    let name: String
    let package: String
    var description: String { "\(name) is not installed; install \(package), or run scripts/test, which does" }
}
