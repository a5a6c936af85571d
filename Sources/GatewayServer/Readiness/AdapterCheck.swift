package import GatewayKit
import Logging
import NIOCore
import NIOPosix

/// Finds out whether an adapter carries messages, without a gateway: makes it, starts it, sends itself a message, and stops it.
package enum AdapterCheck {
    /// How often the adapter is asked whether it is up.
    private static let interval = Duration.milliseconds(20)

    /// Finds out what keeps messages from flowing.
    ///
    /// - Parameters:
    ///   - configured: The adapter.
    ///   - patience: How long it may take to connect and to bring the message back.
    /// - Returns: A text for people; nil where messages flow.
    /// - Throws: ``ModuleError`` where it can be neither made nor started.
    package static func fault(of configured: ConfiguredModule, within patience: Duration) async throws -> String? {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<String?, any Error>
        do { result = .success(try await fault(of: configured, within: patience, on: group)) } catch { result = .failure(error) }
        try? await group.shutdownGracefully()
        return try result.get()
    }

    private static func fault(
        of configured: ConfiguredModule, within patience: Duration, on group: MultiThreadedEventLoopGroup
    ) async throws -> String? {
        let context = ModuleContext(
            instance: configured.instance, logger: Logger(label: "gateway") { _ in SwiftLogNoOpLogHandler() }, eventLoopGroup: group,
            clock: .system, shared: SharedState(), capabilities: Capabilities())
        guard let adapter = try configured.make(context) as? any PubSubAdapter else { return "it is no adapter" }
        let probe = AdapterProbe()
        adapter.attach(ProbeSink(probe: probe))
        try await adapter.start()
        let end = ContinuousClock.now + patience
        var fault: String?
        repeat {
            fault = await probe.fault(of: adapter, on: group.next(), .system)
            if fault != nil { try? await Task.sleep(for: interval) }
        } while fault != nil && ContinuousClock.now < end && !Task.isCancelled
        await adapter.stop()
        return fault
    }
}

/// Gives what comes back to the probe, and nothing to anybody.
private struct ProbeSink: EventSink {
    let probe: AdapterProbe

    func deliver(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
        if AdapterProbe.isReserved(event.topic) { probe.returned(event) }
        return .proceed
    }

    func lostEvents(since: Timestamp) {}
    func revoke(_ revocations: [Revocation]) async {}
    func revocations() async -> [Revocation] { [] }
}
