import Foundation
import GatewayTestKit
import Synchronization
import Testing

/// What was answered stands, whatever becomes of the process.
struct DurabilitySpec {
    // Promise: accounts.kill
    @Test func `kill -9 in the middle of refreshes and of a new user keeps every token that was answered, and no used one`() async throws {
        let configuration = try copyOfConfiguration()
        defer { try? FileManager.default.removeItem(at: configuration.deletingLastPathComponent()) }
        let gateway = try await start(configuration)
        var sessions: [JSON] = []
        for _ in 0..<12 { sessions.append(try await login("user@example.com", "password123", gateway.port)) }
        let answered = Answered()
        let adding = try userAdd("killed@example.com", configuration)
        await withTaskGroup(of: Void.self) { group in
            for session in sessions {
                group.addTask {
                    guard let client = try? await TestClient.open(port: gateway.port),
                        let response = try? await refresh(session, client), response.status == 200, let pair = response.json["data"]
                    else { return }
                    answered.add(session: ["old": session, "new": pair])
                }
            }
            group.addTask {
                try? await eventually("something is answered") { answered.sessions.count >= 3 }
                adding.kill()
                gateway.program.kill()
            }
        }
        _ = try await gateway.program.exitCode()
        _ = try await adding.exitCode()

        let again = try await start(configuration)
        let client = try await TestClient.open(port: again.port)
        #expect(answered.sessions.count >= 3)
        for pair in answered.sessions {
            let (old, new) = (try #require(pair["old"]), try #require(pair["new"]))
            let next = try await refresh(new, client)
            #expect(next.status == 200)
            #expect(try await refresh(old, client).json["error"]?["details"]?["reason"] == "revoked")
            #expect(try await refresh(next.json["data"] ?? .null, client).status == 401)
        }
        // The user is there or is not; either way the database takes another.
        #expect(try await addUser("another@example.com", configuration) == 0)
        _ = try await login("another@example.com", "a password of theirs", again.port)
        again.program.terminate()
        #expect(try await again.program.exitCode() == 0, "\(again.program.text)")
    }

    // Promise: accounts.kill
    @Test func `kill -9 in the middle of logins, logouts and new users loses nothing that was answered`() async throws {
        let configuration = try copyOfConfiguration()
        defer { try? FileManager.default.removeItem(at: configuration.deletingLastPathComponent()) }
        let gateway = try await start(configuration)
        let (program, port) = (gateway.program, gateway.port)
        var sessions: [JSON] = []
        for _ in 0..<12 { sessions.append(try await login("user@example.com", "password123", port)) }
        let answered = Answered()
        // Some of each are answered, and the rest is under way.
        await withTaskGroup(of: Void.self) { group in
            for session in sessions {
                group.addTask {
                    let body = JSON.object(["refreshToken": session["refreshToken"] ?? .null]).text
                    guard let client = try? await TestClient.open(port: port),
                        let response = try? await client.request("POST", "/api/auth/logout", body: body), response.status == 200
                    else { return }
                    answered.add(session: session)
                }
            }
            for number in 0..<6 {
                group.addTask {
                    let email = "user\(number)@example.com"
                    if (try? await addUser(email, configuration)) == 0 { answered.add(user: email) }
                }
            }
            group.addTask {
                try? await eventually("something is answered") { answered.sessions.count >= 3 && !answered.users.isEmpty }
                program.kill()
            }
        }
        _ = try await program.exitCode()

        let again = try await start(configuration)
        let (users, gone) = (answered.users, answered.sessions)
        #expect(!users.isEmpty && gone.count >= 3)
        for user in users { _ = try await login(user, "a password of theirs", again.port) }
        let client = try await TestClient.open(port: again.port)
        for session in gone {
            let response = try await client.request("POST", "/api/messages", [bearer(session)], body: #"{"content":"x"}"#)
            #expect(response.status == 401)
            #expect(response.json["error"]?["details"]?["reason"] == "revoked")
            let refresh = JSON.object(["refreshToken": session["refreshToken"] ?? .null]).text
            #expect(try await client.request("POST", "/api/auth/refresh", body: refresh).status == 401)
        }
        again.program.terminate()
        #expect(try await again.program.exitCode() == 0, "\(again.program.text)")
    }
}

/// What the gateway and the command line have answered before the end.
private final class Answered: Sendable {
    private let state = Mutex((users: [String](), sessions: [JSON]()))

    var users: [String] { state.withLock { $0.users } }
    var sessions: [JSON] { state.withLock { $0.sessions } }
    func add(user: String) { state.withLock { $0.users.append(user) } }
    func add(session: JSON) { state.withLock { $0.sessions.append(session) } }
}

/// The committed gateway.yaml in a folder of its own, where data/ will stand.
func copyOfConfiguration() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "spec-copy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let configuration = folder.appending(path: "gateway.yaml")
    try FileManager.default.copyItem(at: packageRoot.appending(path: "gateway.yaml"), to: configuration)
    return configuration
}

private func start(_ configuration: URL) async throws -> GatewayProcess {
    try await GatewayProcess(
        configuration: configuration, arguments: ["--profile", "dev", "--set", "server.port=0", "--set", "admin.port=0"])
}

/// A login over HTTP: what it answers.
func login(_ email: String, _ password: String, _ port: Int) async throws -> JSON {
    let client = try await TestClient.open(port: port)
    let response = try await client.request(
        "POST", "/api/auth/login", body: JSON.object(["email": .string(email), "password": .string(password)]).text)
    guard response.status == 200, let data = response.json["data"] else {
        throw TestClientError.unexpected(.response(response), wanted: "a login of \(email)")
    }
    return data
}

private func refresh(_ session: JSON, _ client: TestClient) async throws -> TestResponse {
    let body = JSON.object(["refreshToken": session["refreshToken"] ?? .null]).text
    return try await client.request("POST", "/api/auth/refresh", body: body)
}

/// `gateway user add`, from another process while the gateway runs; answers its exit status.
private func addUser(_ email: String, _ configuration: URL) async throws -> Int32 {
    try await userAdd(email, configuration).exitCode()
}

private func userAdd(_ email: String, _ configuration: URL) throws -> Program {
    let gateway = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "gateway").path
    return try Program(
        "bash",
        ["-c", "exec '\(gateway)' user add '\(email)' -c '\(configuration.path)' --profile dev <<< 'a password of theirs'"],
        from: "a shell")
}
