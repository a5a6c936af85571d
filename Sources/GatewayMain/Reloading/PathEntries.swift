private import Foundation

/// What a path leads through: each symbolic link on it, wherever it stands, and the file at its end.
enum PathEntries {
    /// As many links as the system follows.
    private static let maxLinks = 40

    /// The names that matter, by the folder that they stand in; the folders are free of links.
    static func names(of path: String) -> [String: Set<String>] {
        var waiting = Array(path.split(separator: "/").reversed())
        if !path.hasPrefix("/") { waiting += FileManager.default.currentDirectoryPath.split(separator: "/").reversed() }
        var names: [String: Set<String>] = [:]
        var folder = "/"
        var links = 0
        while let name = waiting.popLast().map(String.init) {
            // The folder has no links, so that its parent is the one before its last slash.
            if name == ".." { folder = (folder as NSString).deletingLastPathComponent }
            if name == "." || name == ".." { continue }
            let entry = (folder as NSString).appendingPathComponent(name)
            if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: entry) {
                names[folder, default: []].insert(name)
                links += 1
                guard links <= maxLinks else { break }
                waiting += target.split(separator: "/").reversed()
                if target.hasPrefix("/") { folder = "/" }
            } else if waiting.isEmpty {
                names[folder, default: []].insert(name)
            } else {
                folder = entry
            }
        }
        return names
    }
}
