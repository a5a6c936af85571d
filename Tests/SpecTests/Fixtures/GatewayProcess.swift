import Foundation
import GatewayTestKit

/// The real program `gateway`, as it was built with these tests.
struct GatewayProcess {
    let program: Program
    /// The program has the machine's clock, and a test that shares two cores with all the others may not get to its request in 10 s.
    private static let patience = ["http.header_timeout=300s", "auth.timeout=300s"].flatMap { ["--set", $0] }

    /// Starts `gateway run -c FILE` and waits until it listens.
    init(configuration: URL, environment: [String: String] = [:], arguments: [String] = []) async throws {
        // The tests' own program lies in the build folder, and the gateway beside it.
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        program = try Program(
            folder.appending(path: "gateway").path, ["run", "-c", configuration.path] + Self.patience + arguments,
            from: "it by swift build --build-tests", environment: environment)
        let started = program
        try await eventually("the gateway listens") {
            if !started.isRunning { throw Unmet(what: "a gateway that starts: \(started.text)") }
            return Self.port(in: started.text) != nil
        }
    }

    /// The port that its log names.
    var port: Int { Self.port(in: program.text) ?? 0 }

    private static func port(in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.contains("listening on http") }) else { return nil }
        return line.split(separator: "listening on http").last?.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }
}
