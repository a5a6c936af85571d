import Foundation

/// The source folder of the gateway: where Plugins/ is compiled in.
struct GatewayPackage {
    /// The folder of Package.swift.
    let folder: URL

    /// The package that a folder lies in.
    ///
    /// - Parameter path: The folder, as an absolute path.
    /// - Throws: Where to go instead.
    init(around path: String) throws(CommandFailure) {
        var folder = URL(filePath: path).standardizedFileURL
        var outer: URL?
        while true {
            let isPackage = Self.exists(folder.appending(path: "Package.swift"))
            if isPackage, Self.exists(folder.appending(path: "Plugins/Plugins.swift")) { break }
            if isPackage, outer == nil { outer = folder }
            guard folder.path != "/" else { throw Self.failure(path, in: outer) }
            folder = folder.deletingLastPathComponent().standardizedFileURL
        }
        self.folder = folder
    }

    private static func failure(_ path: String, in outer: URL?) -> CommandFailure {
        if let outer {
            return CommandFailure(
                "\(TerminalText.escaped(outer.path)) is a package of its own, which has no Plugins/",
                help: "begin the module in the gateway's source folder; docs/plugins.md tells how a package of its own brings one")
        }
        return CommandFailure(
            "\(TerminalText.escaped(path)) does not lie in the gateway's source folder",
            help: "go to the folder that has Package.swift and Plugins/, and call it there")
    }

    private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

    /// The Swift files below some folders of the package, by their paths in it, with their texts.
    func sources(_ folders: [String]) -> [(path: String, text: String)] {
        folders.flatMap { folder -> [(path: String, text: String)] in
            let paths = (try? FileManager.default.subpathsOfDirectory(atPath: self.folder.appending(path: folder).path)) ?? []
            return paths.sorted().filter { $0.hasSuffix(".swift") }.compactMap { path in
                let text = try? String(contentsOf: self.folder.appending(path: "\(folder)/\(path)"), encoding: .utf8)
                return text.map { ("\(folder)/\(path)", $0) }
            }
        }
    }
}
