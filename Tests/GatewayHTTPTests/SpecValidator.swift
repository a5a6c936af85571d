import Foundation

/// The program `openapi-spec-validator`, which Tests/requirements.txt names.
enum SpecValidator {
    /// Runs it on a document.
    ///
    /// - Returns: Its exit status and what it wrote.
    /// - Throws: Where it is not installed; a test that lacks its tool fails.
    static func run(on document: String) async throws -> (status: Int32, output: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "openapi.json"), folder.appending(path: "output"))
        try document.write(to: input, atomically: true, encoding: .utf8)
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let process = Process()
        process.executableURL = try program
        process.arguments = ["--schema", "3.1", input.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return (status, try String(contentsOf: output, encoding: .utf8))
    }

    private static var program: URL {
        get throws {
            let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
            let own = URL(filePath: FileManager.default.currentDirectoryPath).appending(path: ".build/python/bin")
            let found = ([own] + paths).map { $0.appending(path: "openapi-spec-validator") }
                .first { FileManager.default.isExecutableFile(atPath: $0.path) }
            guard let found else { throw Missing() }
            return found
        }
    }

    private struct Missing: Error, CustomStringConvertible {
        let description = "openapi-spec-validator is not installed; run scripts/test, which installs it"
    }
}
