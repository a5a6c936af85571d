import Foundation
import GatewayKit
import Synchronization

@testable import GatewayMain

/// The program with its streams in the hands of a test.
final class Program: Sendable {
    /// Lines of standard output.
    let output = Collected()
    /// Lines of standard error.
    let error = Collected()
    private let typed: (stream: AsyncStream<String>, continuation: AsyncStream<String>.Continuation)
    private let signals: (stream: AsyncStream<Int32>, continuation: AsyncStream<Int32>.Continuation)
    private let hangups: (stream: AsyncStream<Int32>, continuation: AsyncStream<Int32>.Continuation)
    private let outputEnd: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
    private let environment: [String: String]
    private let modules: [any Module.Type]
    private let isInteractive: Bool
    private let folder: String

    init(
        environment: [String: String] = [:], modules: [any Module.Type] = BuiltInModules.all, plugins: [any Module.Type] = [],
        isInteractive: Bool = false, folder: String = FileManager.default.currentDirectoryPath
    ) {
        self.environment = environment
        self.folder = folder
        self.modules = modules + plugins
        self.isInteractive = isInteractive
        typed = AsyncStream.makeStream()
        signals = AsyncStream.makeStream()
        hangups = AsyncStream.makeStream()
        outputEnd = AsyncStream.makeStream()
    }

    /// Runs one command line to its end.
    func run(_ arguments: String...) async -> Int32 { await run(arguments) }

    /// Runs one command line to its end.
    func run(_ arguments: [String]) async -> Int32 {
        let terminal = Terminal(
            output: { [output] in output.append($0) }, error: { [error] in error.append($0) }, lines: { [typed] in typed.stream },
            terminations: { [signals] in signals.stream }, hangups: { [hangups] in hangups.stream },
            outputEnded: { [outputEnd] in outputEnd.stream }, hasColor: false,
            isInteractive: isInteractive)
        let invocation = Invocation(
            modules: modules, environment: environment, program: ".build/release/gateway", terminal: terminal, folder: folder)
        return await invocation.run(arguments)
    }

    func type(_ line: String) { typed.continuation.yield(line) }
    func endOutput() { outputEnd.continuation.yield() }
    func endInput() { typed.continuation.finish() }
    func hangUp() { hangups.continuation.yield(1) }
    func signal(_ number: Int32) { signals.continuation.yield(number) }
}

/// A folder with a gateway.yaml, for the time of a test.
func withConfiguration<Result>(_ text: String, files: [String: String] = [:], _ body: (String) async throws -> Result) async throws
    -> Result
{
    let folder = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "gateway.yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    for (name, text) in files { try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8) }
    return try await body(file.path)
}

/// A configuration that runs on any free port of this machine.
let workingConfiguration = """
    version: 1
    server: {host: 127.0.0.1, port: 0, event_loops: 1}
    admin: {port: 0}
    pipeline:
      accept: [ip_cap]
      auth: [jwt]
      route: [rate_limit, authorization]
      deliver: [slow_consumer]
      pubsub: memory
    modules:
      jwt: {secret: "${SECRET}"}
      authorization:
        rules:
          - {allow: [subscribe, publish], topics: ["messages.**"]}
          - {allow: [subscribe], topics: ["admin"], when: {roles: admin}}
    profiles:
      dev: {}
    """

/// What the configuration's variable holds.
let workingEnvironment = ["SECRET": "a secret for tests alone, 32 bytes or more"]
