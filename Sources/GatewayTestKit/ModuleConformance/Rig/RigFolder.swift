import Foundation

/// A folder of a check's own.
struct RigFolder: Sendable {
    let path: String

    /// Makes the folder, with files that nobody but this user can read.
    init(_ files: [String: String]) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files {
            let file = URL(filePath: "\(path)/\(name)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        }
    }

    /// All that is in it, by its path there: files with their bytes, and folders.
    func contents() throws -> [String: Data] {
        var found: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            found[name] = FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()
        }
        return found
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
