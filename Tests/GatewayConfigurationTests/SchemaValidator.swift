import Foundation

/// The Python package `jsonschema`, which Tests/requirements.txt names.
enum SchemaValidator {
    /// Checks values against a schema, and the schema against its own.
    ///
    /// - Parameters:
    ///   - values: JSON texts by name.
    ///   - schema: The schema.
    /// - Returns: For each name what does not fit; nothing where all does.
    /// - Throws: Where the package is not installed, the schema is none, or a text is no JSON; a test that lacks its tool fails.
    static func findings(in values: [String: String], against schema: String) throws -> [String: [String]] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "schema-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try schema.write(to: folder.appending(path: "schema.json"), atomically: true, encoding: .utf8)
        let all = "{\(values.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",\n"))}"
        try all.write(to: folder.appending(path: "values.json"), atomically: true, encoding: .utf8)
        let process = Process()
        let output = Pipe()
        process.executableURL = try python
        process.arguments = ["-c", script, folder.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: String(decoding: text, as: UTF8.self)) }
        return try JSONDecoder().decode([String: [String]].self, from: text)
    }

    private static let script = """
        import json, sys
        from jsonschema import Draft7Validator
        schema = json.load(open(sys.argv[1] + "/schema.json"))
        Draft7Validator.check_schema(schema)
        validator = Draft7Validator(schema)
        values = json.load(open(sys.argv[1] + "/values.json"))
        print(json.dumps({name: [error.json_path for error in validator.iter_errors(value)] for name, value in values.items()}))
        """

    private static var python: URL {
        get throws {
            let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
            let own = URL(filePath: FileManager.default.currentDirectoryPath).appending(path: ".build/python/bin")
            let found = ([own] + paths).map { $0.appending(path: "python3") }.first {
                FileManager.default.isExecutableFile(atPath: $0.path)
            }
            guard let found else { throw Failure(description: "there is no python3; run scripts/test, which installs what is needed") }
            return found
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
