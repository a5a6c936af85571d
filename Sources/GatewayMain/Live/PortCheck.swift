import GatewayConfiguration
import GatewayKit
import GatewayServer
import NIOCore
import NIOPosix

/// Takes each port that a start would take, and gives it back.
struct PortCheck {
    let core: CoreSettings
    /// The effective tree, for places.
    let root: ConfigurationNode

    /// What cannot be listened on; what the gateway that runs says to listen on is only remarked.
    func outcome() async -> LiveCheck.Outcome {
        var outcome = LiveCheck.Outcome()
        // Both are held at once: so two that are the same are found too.
        var held: [any Channel] = []
        var places = [("server", core.server.host, core.server.port)]
        if core.admin.enabled { places.append(("admin", core.admin.host, core.admin.port)) }
        for (section, host, port) in places {
            do {
                held.append(try await Self.take(host, port))
            } catch {
                let failure = ListenFailure(host: host, port: port, of: section, error: error)
                let isOwn = held.contains { $0.localAddress?.port == port }
                if failure.isInUse, !isOwn, await RunningGateway(core: core).ports.contains(port) {
                    outcome.remarks.append("\(section).port: \(host):\(port) is in use by the running gateway")
                } else {
                    outcome.findings.append(finding(failure, isOwn: isOwn))
                }
            }
        }
        for channel in held { try? await channel.close() }
        return outcome
    }

    private static func take(_ host: String, _ port: Int) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .bind(host: host, port: port).get()
    }

    private func finding(_ failure: ListenFailure, isOwn: Bool) -> Diagnostic {
        var failure = failure
        if isOwn {
            failure.cure = "server.port and admin.port are one: give admin.port another number"
        } else if failure.isInUse, core.admin.enabled, core.admin.socket == nil {
            failure.cure += "; with admin.socket a running gateway of this configuration would be known as such"
        }
        return failure.inConfiguration.diagnostic(in: root)
    }
}
