import Foundation
import Testing

/// What the scripts share, run by bash as they do it.
@Suite struct ScriptsTests {
    private static let setup = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/setup").standardized.path

    /// Runs lines of bash behind `source scripts/setup`.
    private func bash(_ script: String, in folder: String = "/", path: String? = nil) throws -> (status: Int32, text: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "source \(Self.setup)\n\(script)"]
        process.currentDirectoryURL = URL(filePath: folder)
        if let path { process.environment = ["PATH": path] }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func `the path of a configuration starts where the caller stands`() throws {
        let script =
            "take_arguments -c a.yaml --profile dev --config b/c.yaml --config=d.yaml -c /e.yaml --set x=y; printf '%s\\n' \"${arguments[@]}\""
        let (status, text) = try bash(script, in: "/tmp")
        #expect(status == 0)
        #expect(
            text.split(separator: "\n") == [
                "-c", "/tmp/a.yaml", "--profile", "dev", "--config", "/tmp/b/c.yaml", "--config=/tmp/d.yaml", "-c", "/e.yaml", "--set",
                "x=y",
            ])
    }

    @Test func `an option without its value is left to the program`() throws {
        #expect(try bash("take_arguments -c; printf '%s\\n' \"${arguments[@]}\"") == (0, "-c\n"))
    }

    @Test func `without apt the packages are named and it ends`() throws {
        // Of the programs that the script calls only dirname is there.
        let folder = FileManager.default.temporaryDirectory.appending(path: "scripts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createSymbolicLink(atPath: folder.appending(path: "dirname").path, withDestinationPath: "/usr/bin/dirname")
        let (status, text) = try bash("need_packages libyaml-dev g++; echo went on", path: folder.path)
        #expect(status == 1)
        #expect(text.contains("libyaml-dev g++") && text.contains("HAVE_PACKAGES=1") && !text.contains("went on"))
        #expect(try bash("HAVE_PACKAGES=1 need_packages libyaml-dev; echo went on", path: folder.path) == (0, "went on\n"))
    }
}
