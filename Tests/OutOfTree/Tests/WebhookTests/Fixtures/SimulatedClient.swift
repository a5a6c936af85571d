import Foundation
import GatewayTestKit

/// A client of `webhook-gateway simulate`, as an operator runs it.
struct SimulatedClient {
    /// What stands under `modules.webhook`, as a mapping in braces.
    let settings: String

    /// Simulates.
    ///
    /// - Parameter words: What the client wants, as the command line has it.
    /// - Returns: What the program says of the module: its step.
    /// - Throws: `Unmet` where it says nothing that can be read.
    func does(_ words: String...) async throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appending(path: "simulate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "gateway.yaml")
        try Data("version: 1\nauth: {required: false}\npipeline: {route: [webhook]}\nmodules:\n  webhook: \(settings)\n".utf8).write(
            to: file)
        let text = try await output(of: ["simulate", "-c", file.path, "--user", "alice", "--json"] + words, in: folder)
        guard let step = try? JSON(parsing: text)["steps"]?.elements?.first(where: { $0["module"] == "webhook" }) else {
            throw Unmet(what: "a step of webhook; got '\(text)'")
        }
        return step
    }

    private func output(of arguments: [String], in folder: URL) async throws -> String {
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        let process = Process()
        // It is built beside the tests.
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "webhook-gateway")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await eventually("\(arguments) ends") { !process.isRunning }
        return try String(contentsOf: output, encoding: .utf8)
    }
}
