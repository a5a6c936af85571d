import Foundation

/// The two files of a plugin.
struct PluginFiles {
    /// The module's folder, by its path in the package.
    let folder: String
    /// The module's file.
    let module: String
    /// The tests' file.
    let test: String

    /// Names the files of a plugin.
    init(_ name: PluginName) {
        folder = "Plugins/\(name.type)"
        module = "\(folder)/\(name.type).swift"
        test = "Tests/PluginTests/\(name.type)Tests.swift"
    }

    /// Writes both files; where one cannot be written, neither is there afterwards, and what was there stays as it was.
    ///
    /// - Throws: What is in the way.
    func write(_ template: any PluginTemplate, in package: GatewayPackage) throws(CommandFailure) {
        let files = FileManager.default
        func url(_ path: String) -> URL { package.folder.appending(path: path) }
        // A link that leads nowhere is in the way too.
        for path in [folder, test] where (try? files.attributesOfItem(atPath: url(path).path)) != nil {
            throw CommandFailure("\(path) is there already", help: "choose another name, or remove what is there")
        }
        var written: [String] = []
        do {
            try files.createDirectory(at: url(folder), withIntermediateDirectories: false)
            written.append(folder)
            try Data(template.module.utf8).write(to: url(module), options: .withoutOverwriting)
            try Data(template.test.utf8).write(to: url(test), options: .withoutOverwriting)
        } catch {
            // Made a moment ago, by nobody else.
            for path in written { try? files.removeItem(at: url(path)) }
            throw CommandFailure(
                "cannot write \(written.isEmpty ? folder : "\(module) and \(test)"): \(FileFailure.words(error))",
                help: "nothing was changed; Plugins/ and Tests/PluginTests/ have to be there, and be yours to write to")
        }
    }
}
