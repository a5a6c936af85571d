import Foundation
import GatewayTestKit
import Testing

@testable import GatewayMain

/// `gateway run --watch`: each way in which a file changes.
@Suite struct FileWatchTests {
    private func withFile(_ body: (URL, FileWatch, Collected) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "watch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "one".write(to: folder.appending(path: "gateway.yaml"), atomically: true, encoding: .utf8)
        try await body(folder, FileWatch(path: folder.appending(path: "gateway.yaml").path), Collected())
    }

    /// Collects a line for each change, while `body` runs.
    private func watching(_ watch: FileWatch, _ seen: Collected, _ body: () async throws -> Void) async throws {
        let task = Task { for await _ in watch.changes() { seen.append("change") } }
        let result = await Swift.Result { try await body() }
        task.cancel()
        await task.value
        try result.get()
    }

    @Test func `a file that is replaced or written in place has changed, and the same content has not`() async throws {
        try await withFile { folder, watch, seen in
            let file = folder.appending(path: "gateway.yaml")
            try await watching(watch, seen) {
                try "two".write(to: file, atomically: true, encoding: .utf8)
                try await eventually("the first change") { seen.lines.count == 1 }
                try "two".write(to: file, atomically: true, encoding: .utf8)
                try "other".write(to: folder.appending(path: "other.yaml"), atomically: true, encoding: .utf8)
                try "three".write(to: file, atomically: false, encoding: .utf8)
                try await eventually("the second change") { seen.lines.count == 2 }
                try FileManager.default.removeItem(at: file)
                try "four".write(to: file, atomically: false, encoding: .utf8)
                try await eventually("the third change") { seen.lines.count == 3 }
            }
        }
    }

    @Test func `a file that is half written has not changed`() async throws {
        try await withFile { folder, watch, seen in
            let (file, clock) = (folder.appending(path: "gateway.yaml"), folder.appending(path: "clock.yaml"))
            let ticks = Collected()
            try await watching(FileWatch(path: clock.path), ticks) {
                try await watching(watch, seen) {
                    try "two".write(to: file, atomically: true, encoding: .utf8)
                    try await eventually("it is watched") { seen.lines.count == 1 }
                    let writer = try FileHandle(forWritingTo: file)
                    try writer.truncate(atOffset: 0)
                    try writer.write(contentsOf: Data("half".utf8))
                    // What is written later into another file is told, so that the half had its time.
                    try "tick".write(to: clock, atomically: true, encoding: .utf8)
                    try await eventually("the other file has changed") { ticks.lines.count == 1 }
                    #expect(seen.lines.count == 1)
                    try writer.write(contentsOf: Data(" and half".utf8))
                    try writer.close()
                    try await eventually("the whole is a change") { seen.lines.count == 2 }
                }
            }
        }
    }

    @Test(arguments: ["/", "/../v1/../current/"]) func `a link to the folder that is swapped has changed`(_ way: String) async throws {
        try await withFile { folder, _, seen in
            let files = FileManager.default
            for (version, text) in [("v1", "one"), ("v2", "two"), ("v3", "three")] {
                try files.createDirectory(at: folder.appending(path: version), withIntermediateDirectories: true)
                try text.write(to: folder.appending(path: "\(version)/gateway.yaml"), atomically: true, encoding: .utf8)
            }
            func point(to version: String) throws {
                let link = folder.appending(path: "new").path
                try files.createSymbolicLink(atPath: link, withDestinationPath: version)
                #expect(rename(link, folder.appending(path: "current").path) == 0)
            }
            try point(to: "v1")
            let watch = FileWatch(path: folder.path + "/current" + way + "gateway.yaml")
            try await watching(watch, seen) {
                try point(to: "v2")
                try await eventually("the first change") { seen.lines.count == 1 }
                try point(to: "v3")
                try await eventually("the second change") { seen.lines.count == 2 }
            }
        }
    }

    @Test func `a link that is swapped, as Kubernetes does, has changed`() async throws {
        try await withFile { folder, _, seen in
            let files = FileManager.default
            func version(_ name: String, _ text: String) throws {
                try files.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
                try text.write(to: folder.appending(path: "\(name)/linked.yaml"), atomically: true, encoding: .utf8)
                let link = folder.appending(path: "..data_tmp").path
                try files.createSymbolicLink(atPath: link, withDestinationPath: name)
                #expect(rename(link, folder.appending(path: "..data").path) == 0)
            }
            try version("..v1", "one")
            try files.createSymbolicLink(atPath: folder.appending(path: "linked.yaml").path, withDestinationPath: "..data/linked.yaml")
            try await watching(FileWatch(path: folder.appending(path: "linked.yaml").path), seen) {
                try version("..v2", "two")
                try await eventually("the first change") { seen.lines.count == 1 }
                try "three".write(to: folder.appending(path: "..v2/linked.yaml"), atomically: false, encoding: .utf8)
                try await eventually("a change where the link leads") { seen.lines.count == 2 }
            }
        }
    }
}
