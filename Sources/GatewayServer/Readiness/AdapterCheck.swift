package import GatewayKit
import Logging
import NIOCore
import NIOPosix

/// Finds out whether an adapter carries messages, without a gateway: makes it, starts it, sends itself a message, and stops it.
package enum AdapterCheck {
    /// How often the adapter is asked whether it is up.
    private static let interval = Duration.milliseconds(20)
    /// How long a fault has to stay the same to be told: by then connecting has been tried several times.
    private static let constancy = Duration.seconds(1)

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
        // What it says before it has tried anything is no reason yet.
        let waiting: String? = if case .down(let text) = adapter.health { text } else { nil }
        try await adapter.start()
        let fault = await lastingFault(after: waiting, within: patience) { await probe.fault(of: adapter, on: group.next(), .system) }
        await adapter.stop()
        return fault
    }

    /// Asks until there is no fault, or one that stays and is not what the adapter said at the beginning.
    private static func lastingFault(
        after waiting: String?, within patience: Duration, _ ask: () async -> String?
    ) async -> String? {
        let end = ContinuousClock.now + patience
        var last: (fault: String, since: ContinuousClock.Instant)?
        while let fault = await ask() {
            let now = ContinuousClock.now
            if last?.fault != fault { last = (fault, now) }
            let isConstant = fault != waiting && last.map { now - $0.since >= constancy } ?? false
            if isConstant || now >= end || Task.isCancelled { return fault }
            // An adapter tells nobody when it comes up: it has to be asked, until the deadline.
            try? await Task.sleep(for: interval)
        }
        return nil
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
