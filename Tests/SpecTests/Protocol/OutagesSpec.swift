import Foundation
import GatewayTestKit
import Testing

/// What can happen to Redis under traffic, and what becomes of the messages: the table of docs/operations.md.
@Suite(.serialized) struct OutagesSpec {
    /// What happens.
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
        case none = "nothing"
        case absent = "there is none at the start, and then one"
        case restart = "kill -9, and a new start"
        case freeze = "SIGSTOP, and SIGCONT"
        case cut = "CLIENT KILL of every connection"
        case cutSubscriptions = "CLIENT KILL of the connections that receive"
        case password = "a password is set, connections are cut, and it is taken back"
        var testDescription: String { rawValue }
    }

    // Promise: cluster.faults, cluster.outage, cluster.gap, cluster.readiness
    @Test(arguments: Fault.allCases) func `nothing that was acknowledged is lost without notice, nothing comes twice or out of order`(
        _ fault: Fault
    ) async throws {
        let redis = try await RedisServer()
        if fault == .absent { try await redis.kill() }
        let settings = ProgramCluster.quick + ["server.event_loops=2"]
        try await ProgramCluster.with(3, redis, settings) { cluster in
            if fault != .absent { try await cluster.expectReadiness(200) }
            let traffic = Traffic(cluster)
            let count = try await traffic.run(opening: { try await Self.open(fault, redis, cluster, traffic) }) {
                try await Self.happen(fault, redis, cluster)
            }
            Self.expectExplained(fault, count)
        }
    }

    private static func open(_ fault: Fault, _ redis: RedisServer, _ cluster: ProgramCluster, _ traffic: Traffic) async throws {
        guard fault == .absent else { return }
        try await traffic.isRefused()
        try await cluster.expectReadiness(503)
        try await redis.start()
        try await cluster.expectReadiness(200)
    }

    private static func expectExplained(_ fault: Fault, _ count: Traffic.Count) {
        print(
            "| \(fault.rawValue) | \(count.acknowledged) | \(count.refused) | \(count.told) | \(count.lost) | \(count.duplicated) | \(count.disordered) |"
        )
        #expect(count.lost == 0, "\(count)")
        #expect(count.duplicated == 0, "\(count)")
        #expect(count.disordered == 0, "\(count)")
        // Each of the six connections is told once.
        #expect(count.gaps == ([.none, .absent].contains(fault) ? 0 : 6), "\(count)")
        if fault == .none { #expect(count.refused == 0 && count.told == 0, "\(count)") }
        if fault == .absent { #expect(count.refused > 0 && count.told == 0, "\(count)") }
    }

    private static func happen(_ fault: Fault, _ redis: RedisServer, _ cluster: ProgramCluster) async throws {
        switch fault {
        case .none, .absent: return
        case .restart:
            try await redis.kill()
            try await isNoticed(cluster)
            try await cluster.expectReadiness(503)
            try await redis.start()
        case .freeze:
            try await redis.freeze()
            try await isNoticed(cluster)
            // As long as the environment says, for a table of longer outages.
            if let seconds = ProcessInfo.processInfo.environment["GATEWAY_FREEZE_SECONDS"].flatMap(Int.init) {
                try await Task.sleep(for: .seconds(seconds))
            }
            try await redis.thaw()
        case .cut:
            try await redis.command("CLIENT KILL SKIPME yes")
        case .cutSubscriptions:
            try await redis.command("CLIENT KILL TYPE pubsub")
        case .password:
            try await redis.command("CONFIG SET requirepass secret")
            try await redis.command("-a secret --no-auth-warning CLIENT KILL SKIPME yes")
            try await isNoticed(cluster)
            try await redis.command("-a secret --no-auth-warning ACL SETUSER default nopass")
        }
        try await eventually("messages flow again on every node") { cluster.recoveries.allSatisfy { $0 >= 2 } }
        try await cluster.expectReadiness(200)
    }

    private static func isNoticed(_ cluster: ProgramCluster) async throws {
        try await eventually("every node has noticed") { cluster.outages.allSatisfy { $0 >= 1 } }
    }
}
