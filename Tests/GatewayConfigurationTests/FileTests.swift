import Foundation
import GatewayConfiguration
import GatewayKit
import Testing

/// What depends on files: the configuration's own and those that its variables name.
@Suite final class FileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gateway-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    private func load(_ value: String) throws -> ConfigurationResult<TestCore> {
        try write("pipeline: {route: [authorization]}\nauth: {required: false}\nserver: {host: \"\(value)\"}\n", "gateway.yaml")
        let request = ConfigurationRequest(file: folder.appendingPathComponent("gateway.yaml").path)
        return ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all)
    }

    @Test(arguments: [("a", "a"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("", ""), ("null", "null")])
    func `a file's text is taken without one line end`(_ text: String, _ value: String) throws {
        try write(text, "host")
        #expect(try load("${file:host}").configuration?.core.server.host == value)
    }

    @Test func `a file's path may be absolute and stand among other text`() throws {
        try write("b", "host")
        #expect(try load("a${file:\(folder.path)/host}c").configuration?.core.server.host == "abc")
    }

    @Test func `a file over 64 KiB is refused, and one of 64 KiB is not`() throws {
        try write(String(repeating: "x", count: 64 << 10), "host")
        #expect(try load("${file:host}").isValid)
        try write(String(repeating: "x", count: (64 << 10) + 1), "host")
        let result = try load("${file:host}")
        #expect(result.diagnostics.map(\.message) == ["server.host: cannot read host: it is longer than 64KiB"])
        #expect(result.diagnostics.first?.code == .unreadableFile)
    }

    @Test func `what is no regular file is refused and never waited for`() throws {
        #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
        #expect(try load("${file:pipe}").diagnostics.first?.message == "server.host: cannot read pipe: it is no regular file")
        #expect(try load("${file:.}").diagnostics.first?.message == "server.host: cannot read .: Is a directory")
    }

    @Test func `a file that is not UTF-8 is refused`() throws {
        try Data([0xFF, 0xFE]).write(to: folder.appendingPathComponent("host"))
        #expect(try load("${file:host}").diagnostics.first?.message == "server.host: cannot read host: it is not UTF-8")
    }

    @Test func `a configuration that is not there is one error`() {
        let result = ConfigurationLoader.load(TestCore.self, ConfigurationRequest(file: "no/such.yaml"), modules: FakeModules.all)
        #expect(!result.isValid && result.source == nil)
        #expect(
            DiagnosticRenderer(result).human(result.diagnostics) == """
                no/such.yaml: error[unreadable-file]: cannot read the configuration: No such file or directory
                help: name it with -c FILE

                1 error in no/such.yaml

                """)
    }

    @Test func `a configuration of more than a mebibyte is one error`() throws {
        try write(String(repeating: "#", count: 2 << 20), "large.yaml")
        let request = ConfigurationRequest(file: folder.appendingPathComponent("large.yaml").path)
        let result = ConfigurationLoader.load(TestCore.self, request, modules: FakeModules.all)
        #expect(result.diagnostics.map(\.code) == [.tooLong])
    }
}
