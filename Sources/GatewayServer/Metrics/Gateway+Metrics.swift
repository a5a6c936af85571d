import GatewayKit
import NIOCore
import NIOPosix

extension Gateway {
    /// What the gateway has counted, collected from every loop.
    ///
    /// - Returns: The metrics, each with at least its name where there is nothing to tell yet.
    /// - Throws: ``Rejection`` where a loop does not answer in time.
    package func metrics() async throws -> [MetricFamily] {
        let answers = try await core.ask { shard in
            shard.eventLoop.makeSucceededFuture(
                Snapshot(
                    counters: shard.counters, connections: shard.sessions.count, stageTimes: shard.stageTimes.histograms,
                    failures: shard.stageTimes.failures))
        }
        var all = Snapshot()
        for answer in answers { all.add(answer) }
        all.counters.published &+= hub.published
        let isUp = await core.probe.fault(of: generation.adapter, on: group.next(), core.clock) == nil
        return messageMetrics(all) + connectionMetrics(all) + [
            MetricFamily("gateway_adapter_up", .gauge, "Whether what is published through the adapter comes back.", isUp ? 1 : 0),
            MetricFamily(
                "gateway_reloads_total", .counter, "Reloads of the configuration.",
                ReloadResult.allCases.map { .init([("result", $0.rawValue)], Double(reloads[$0])) }),
            MetricFamily(
                "gateway_event_loop_lag_seconds", .histogram, "How late the ticks of the event loops come.", all.counters.lag.samples()),
            MetricFamily(
                "gateway_stage_seconds", .histogram,
                "How long a module takes; of commands, messages, filters, deliveries and publishes one in 256 is measured.",
                all.stageTimes.sorted { $0.key < $1.key }.flatMap { name, times in times.samples(name.labels) }),
        ] + moduleMetrics(all)
    }

    private func moduleMetrics(_ all: Snapshot) -> [MetricFamily] {
        let now = core.clock.now
        return [
            MetricFamily(
                "gateway_verdicts_failed_total", .counter, "Verdicts that failed, or did not come within later_timeout.",
                all.failures.sorted { ($0.key.module, $0.key.failure.rawValue) < ($1.key.module, $1.key.failure.rawValue) }.map {
                    key, count in
                    .init(key.module.labels + [("reason", key.failure.rawValue)], Double(count))
                }),
            MetricFamily(
                "gateway_breaker_open", .gauge, "Whether a module is not asked now, since its verdicts failed or came too late.",
                generation.duties.map { duty in
                    .init(duty.name.labels, duty.breaker.isOpen(now) ? 1 : 0)
                }),
        ]
    }

    private func messageMetrics(_ all: Snapshot) -> [MetricFamily] {
        let counters = all.counters
        return [
            MetricFamily(
                "gateway_messages_published_total", .counter, "Messages that the adapter has taken, each once.", counters.published),
            MetricFamily("gateway_messages_delivered_total", .counter, "Data frames queued for subscribers.", counters.delivered),
            MetricFamily(
                "gateway_messages_dropped_total", .counter, "Messages that a subscriber was too slow for.",
                [
                    .init([("policy", "close")], Double(counters.closedSlow)),
                    .init([("policy", "drop")], Double(counters.dropped)),
                ]),
            MetricFamily("gateway_subscriptions", .gauge, "Subscriptions now.", core.budgets.subscriptions.count),
            MetricFamily("gateway_bytes_received_total", .counter, "Bytes received on WebSocket connections.", counters.bytesReceived),
            MetricFamily("gateway_bytes_sent_total", .counter, "Bytes sent on WebSocket connections.", counters.bytesSent),
            MetricFamily("gateway_queue_bytes", .gauge, "Bytes that wait for clients to take them.", core.budgets.queued.count),
            MetricFamily("gateway_writes_total", .counter, "System calls that wrote to WebSocket connections.", counters.writes),
        ]
    }

    private func connectionMetrics(_ all: Snapshot) -> [MetricFamily] {
        let refusals = core.refusals.counts
        let counts = core.connectionCounts.all
        return [
            MetricFamily("gateway_connections", .gauge, "WebSocket connections now.", all.connections),
            MetricFamily("gateway_connections_total", .counter, "WebSocket connections that were opened.", all.counters.opened),
            MetricFamily(
                "gateway_handshakes_refused_total", .counter, "Handshakes that were refused.",
                refusals.filter { $0.handshakes > 0 }.map { refusal in
                    .init([("module", refusal.module), ("reason", refusal.reason)], Double(refusal.handshakes))
                }),
            MetricFamily(
                "gateway_refused_total", .counter, "Everything that was refused, or would have been.",
                refusals.map { refusal in
                    .init(
                        [("module", refusal.module), ("reason", refusal.reason), ("mode", refusal.isObserved ? "observe" : "enforce")],
                        Double(refusal.total))
                }),
            MetricFamily(
                "gateway_auth_total", .counter, "Tokens that were checked: accepted, or why not.",
                counts.auth.sorted { $0.key < $1.key }.map { .init([("result", $0.key)], Double($0.value)) }),
            MetricFamily(
                "gateway_closed_total", .counter, "WebSocket connections that have closed.",
                counts.closed.map { key, count in .init([("code", key.code), ("reason", key.reason)], Double(count)) }
                    .sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) }),
        ]
    }
}

/// What one loop has counted, or all of them.
private struct Snapshot: Sendable {
    var counters = ShardCounters()
    var connections = 0
    var stageTimes: [DutyName: DurationHistogram] = [:]
    var failures: [StageTimes.FailureKey: Int] = [:]

    mutating func add(_ other: Snapshot) {
        counters.add(other.counters)
        connections += other.connections
        for (name, times) in other.stageTimes {
            stageTimes[name, default: DurationHistogram(bounds: times.bounds)].add(times)
        }
        failures.merge(other.failures) { $0 &+ $1 }
    }
}

extension DutyName {
    /// As metrics name the module.
    fileprivate var labels: [(name: String, value: String)] { [("stage", stage), ("module", instance)] }
}
