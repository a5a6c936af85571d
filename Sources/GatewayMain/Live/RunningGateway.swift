import GatewayKit
import GatewayServer

/// The gateway of this configuration, if it runs: asked by its admin socket.
struct RunningGateway {
    let core: CoreSettings

    /// Whether it answers.
    var isRunning: Bool {
        get async { await answer("/livez")?.data != nil }
    }

    /// The ports that it listens on; none where it does not run, or does not say.
    var ports: [Int] {
        get async {
            await listeners.compactMap { listener in
                guard case .integer(let port)? = listener["port"] else { return nil }
                return Int(clamping: port)
            }
        }
    }

    /// The URL of its WebSocket endpoint; nil where it does not run, or does not say.
    var endpoint: String? {
        get async { await listeners.lazy.compactMap { $0["endpoint"]?.string }.first }
    }

    private var listeners: [JSONValue] {
        get async {
            guard case .array(let listeners)? = await answer("/admin/v1/listeners")?.data?["listeners"] else { return [] }
            return listeners
        }
    }

    private func answer(_ path: String) async -> AdminAnswer? {
        guard core.admin.enabled, let socket = core.admin.socket else { return nil }
        return try? await AdminClient(socket: socket).call(.get, path)
    }

    /// Why it should get no clients now; nil where it should, or where none runs.
    func finding(_ examination: Examination) async -> Diagnostic? {
        guard core.admin.enabled, let socket = core.admin.socket else { return nil }
        let client = AdminClient(socket: socket)
        do throws(AdminCallFailure) {
            guard let refusal = try await client.call(.get, "/readyz").refusal else { return nil }
            return examination.finding(
                .error, .unreachable, ["admin", "socket"], "the running gateway is not ready: \(refusal)",
                help: "see its log, and docs/operations.md")
        } catch {
            if error == .notRunning { return nil }
            let words = error.inWords(client)
            return examination.finding(
                .warning, .unreachable, ["admin", "socket"], words.message, help: words.help ?? "name another path")
        }
    }
}
