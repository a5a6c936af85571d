import GatewayKit
import GatewayServer

extension Examination {
    /// What the process has open beside its connections: listeners, event loops, databases, the adapter's links, logs.
    private static let reserve: UInt64 = 100
    /// How many connections the listener asks the kernel to keep waiting.
    private static let wantedBacklog = 4096

    /// Open files, the kernel's queue and memory against what the limits allow.
    var resources: [Diagnostic] { [openFiles, backlog, queue, memory].compactMap(\.self) }

    private var openFiles: Diagnostic? {
        let wanted = UInt64(clamping: core.server.maxConnections) + Self.reserve
        guard let limit = facts.openFiles, limit < wanted else { return nil }
        return finding(
            .warning, .openFiles, ["server", "max_connections"],
            "\(core.server.maxConnections) connections and \(Self.reserve) files more are above the limit of open files (\(limit))",
            help: "raise the hard limit to \(wanted) (LimitNOFILE= of systemd, --ulimit nofile= of containers), or lower max_connections")
    }

    private var backlog: Diagnostic? {
        guard let backlog = facts.backlog, backlog < Self.wantedBacklog, !core.isLoopback else { return nil }
        return finding(
            .warning, .openFiles, ["server", "max_connections"],
            "the kernel keeps \(backlog) new connections waiting at the most, too few for clients that all come back at once",
            help: "sysctl -w net.core.somaxconn=\(Self.wantedBacklog)")
    }

    private var queue: Diagnostic? {
        let (queue, message) = (core.limits.maxQueue.bytes, core.server.maxMessageSize.bytes)
        guard queue / 2 < message else { return nil }
        return finding(
            .warning, .memory, ["limits", "max_queue"],
            "\(core.limits.maxQueue.settingText) has no room for two of the largest messages (\(core.server.maxMessageSize.settingText))",
            help: "raise max_queue to four times server.max_message_size: a client that waits for one message is no slow one")
    }

    private var memory: Diagnostic? {
        guard let memory = facts.memory else { return nil }
        let bounds = UInt64(clamping: core.limits.maxTotalQueue.bytes)
            .addingReportingOverflow(UInt64(clamping: core.limits.maxTotalInbound.bytes))
        let total = bounds.overflow ? .max : bounds.partialValue
        guard total > memory / 4 * 3 else { return nil }
        let sizes = "\(core.limits.maxTotalQueue.settingText) and limits.max_total_inbound \(core.limits.maxTotalInbound.settingText)"
        return finding(
            total > memory ? .error : .warning, .memory, ["limits", "max_total_queue"],
            "\(sizes) may fill the memory of \(memory >> 20)MiB, and the system would end the process",
            help: "let both together be half of the memory, such as max_total_queue: \(max(1, memory >> 22))MiB")
    }
}
