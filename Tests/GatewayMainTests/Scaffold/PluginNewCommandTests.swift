import Foundation
import GatewayConfiguration
import GatewayKit
import Testing

@testable import GatewayMain

/// A folder like the gateway's own, with nothing in it but what `gateway plugin new` looks at, for the time of a test.
func withPackage<Result>(_ files: [String: String] = [:], _ body: (_ folder: String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)").standardizedFileURL
    defer { try? FileManager.default.removeItem(at: folder) }
    let standard = ["Package.swift": "", "Plugins/Plugins.swift": "", "Tests/PluginTests/EchoTests.swift": ""]
    for (path, text) in standard.merging(files, uniquingKeysWith: { $1 }) {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
    return try await body(folder.path)
}

@Suite struct PluginNewCommandTests {
    /// Every file below a folder with its text.
    private func files(_ folder: String) throws -> [String: String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(into: [:]) { files, path in
            if let text = try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) { files[path] = text }
        }
    }

    @Test(arguments: PluginStage.allCases) func `it writes two files and says what to do`(_ stage: PluginStage) async throws {
        try await withPackage { folder in
            let before = try files(folder)
            let program = Program(folder: folder)
            #expect(await program.run("plugin", "new", "night_watch", "--stage", stage.rawValue) == 0, "\(program.error.text)")
            let template = stage.template(try PluginName("NightWatch"))
            let new = ["Plugins/NightWatch/NightWatch.swift": template.module, "Tests/PluginTests/NightWatchTests.swift": template.test]
            #expect(try files(folder) == before.merging(new) { $1 })
            for path in new.keys { #expect(program.output.text.contains("wrote \(path)\n")) }
            #expect(program.output.text.contains("\n  swift test --filter NightWatchTests "))
            #expect(program.output.text.contains("\n  rm -r Plugins/NightWatch Tests/PluginTests/NightWatchTests.swift  removes it"))
            #expect(program.output.text.contains("  night_watch: \(template.settings)"))
            #expect(program.error.lines.isEmpty)
        }
    }

    @Test func `a second module of the stage has the first in its line only where gateway.yaml has`() async throws {
        try await withPackage(["gateway.yaml": "pipeline: {route: [size_limit]}"]) { folder in
            let program = Program(folder: folder)
            for name in ["NightWatch", "DayWatch"] { #expect(await program.run("plugin", "new", name, "--stage", "route") == 0) }
            for key in ["night_watch", "day_watch"] { #expect(program.output.text.contains("  route: [size_limit, \(key)]")) }
            #expect(program.output.text.contains("\nFor gateway.yaml as it is now; put it in before you begin another module"))
        }
    }

    @Test func `with --print it writes nothing, anywhere`() async throws {
        try await withPackage { folder in
            let before = try files(folder)
            let template = PluginStage.http.template(try PluginName("Greeter"))
            for place in [folder, "/"] {
                let program = Program(folder: place)
                #expect(await program.run("plugin", "new", "Greeter", "--stage", "http", "--print") == 0, "\(program.error.text)")
                #expect(program.output.text.hasPrefix(template.module))
                #expect(program.output.text.contains(template.test.trimmingCharacters(in: .newlines)))
            }
            #expect(try files(folder) == before)
        }
    }

    @Test(
        arguments: [
            "Plugins/NightWatch/Other.swift", "Plugins/NightWatch", "Tests/PluginTests/NightWatchTests.swift",
        ])
    func `what is there already stays as it is, and nothing is written beside it`(_ path: String) async throws {
        try await withPackage([path: "mine"]) { folder in
            let before = try files(folder)
            let program = Program(folder: folder)
            #expect(await program.run("plugin", "new", "NightWatch", "--stage", "route") == 1)
            #expect(program.error.text.contains("is there already\nhelp: choose another name"))
            #expect(try files(folder) == before)
            #expect(program.output.lines.isEmpty)
        }
    }

    @Test(arguments: ["Plugins/NightWatch", "Tests/PluginTests/NightWatchTests.swift"])
    func `a link that leads nowhere is in the way too`(_ path: String) async throws {
        try await withPackage { folder in
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(path)", withDestinationPath: "\(folder)/nowhere")
            let before = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            #expect(await Program(folder: folder).run("plugin", "new", "NightWatch", "--stage", "route") == 1)
            #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == before)
        }
    }

    @Test func `where the second file cannot be written the first is taken back`() async throws {
        try await withPackage { folder in
            try FileManager.default.removeItem(atPath: "\(folder)/Tests")
            let program = Program(folder: folder)
            #expect(await program.run("plugin", "new", "NightWatch", "--stage", "route") == 1)
            #expect(
                program.error.text.contains("Tests/PluginTests/NightWatchTests.swift: No such file or directory\nhelp: nothing was changed")
            )
            #expect(try files(folder).keys.sorted() == ["Package.swift", "Plugins/Plugins.swift"])
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/Plugins/NightWatch"))
        }
    }

    @Test func `below the source folder it finds it, and names it`() async throws {
        try await withPackage(["Sources/GatewayKit/Module.swift": ""]) { folder in
            let program = Program(folder: "\(folder)/Sources/GatewayKit")
            #expect(await program.run("plugin", "new", "NightWatch", "--stage", "route") == 0)
            #expect(program.output.text.contains("\n  cd \(folder)\n  scripts/run "))
            #expect(FileManager.default.fileExists(atPath: "\(folder)/Plugins/NightWatch/NightWatch.swift"))
        }
    }

    @Test func `elsewhere it says where to go`() async throws {
        let program = Program(folder: "/usr")
        #expect(await program.run("plugin", "new", "NightWatch", "--stage", "route") == 1)
        #expect(
            program.error.text
                == "error: /usr does not lie in the gateway's source folder\n"
                + "help: go to the folder that has Package.swift and Plugins/, and call it there")
    }

    @Test(arguments: ["", "/Sources/Watch"]) func `a package of its own is told what to do instead`(_ path: String) async throws {
        try await withConfiguration("", files: ["Package.swift": ""]) { file in
            let folder = URL(filePath: file).deletingLastPathComponent().standardizedFileURL.path
            // SwiftPM's own plugins lie in a folder of the same name.
            try FileManager.default.createDirectory(atPath: "\(folder)/Plugins/Lint", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: "\(folder)/Sources/Watch", withIntermediateDirectories: true)
            let program = Program(folder: folder + path)
            #expect(await program.run("plugin", "new", "NightWatch", "--stage", "route") == 1)
            #expect(program.error.text.hasPrefix("error: \(folder) is a package of its own, which has no Plugins/\nhelp: "))
            #expect(program.error.text.contains("docs/plugins.md"))
        }
    }

    @Test(arguments: [["--stage", "rout"], []]) func `without a stage it says which there are`(_ options: [String]) async throws {
        try await withPackage { folder in
            let program = Program(folder: folder)
            #expect(await program.run(["plugin", "new", "NightWatch"] + options) == 1)
            #expect(program.error.text.contains("--stage"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/Plugins/NightWatch"))
        }
    }
}
