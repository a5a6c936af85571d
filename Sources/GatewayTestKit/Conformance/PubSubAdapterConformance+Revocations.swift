import GatewayKit

extension PubSubAdapterConformance {
    /// What is revoked on one node is revoked on all.
    static let revocations: [Check] = [
        Check("a revocation on one node closes sockets on every node") { cluster in
            for (index, gateway) in cluster.gateways.enumerated() {
                let revoked = try await clients(cluster, "alice/t\(index)")
                let others = try await clients(cluster, "alice/other")
                try await gateway.revoke(Revocation(.token("t\(index)"), expiresAt: gateway.clock.timestamp.advanced(by: .seconds(3600))))
                for client in revoked {
                    try await client.expectError(401, "revoked")
                    try await client.expectClose(1008, "revoked")
                }
                for client in others { try await client.expectNothingElse() }
            }
        },
        Check("so do the revocations of a user and of a login, whose ids are any text") { cluster in
            let user = "bob 7 *\r\n\"ä\""
            let clients = try await clients(cluster, user)
            let gateway = cluster.gateways[0]
            try await gateway.revoke(Revocation(.session("a b\r\nc")))
            try await gateway.revoke(Revocation(.user(user, issuedUntil: gateway.clock.timestamp)))
            for client in clients {
                try await client.expectError(401, "revoked")
                try await client.expectClose(1008, "revoked")
            }
        },
        Check("a node that starts later knows what was revoked before", needsSeveralNodes: true) { cluster in
            let witnesses = try await clients(cluster, "alice/t1")
            try await cluster.gateways[0].revoke(Revocation(.token("t1")))
            for witness in witnesses { try await witness.expectError(401, "revoked") }
            try await withLateNode(cluster) { gateway in
                let client = try await gateway.connect()
                client.send(["type": "auth", "token": "alice/t1"])
                let reason = try await client.expect("auth_error")["details"]?["reason"]
                try require(reason == "revoked", "a token that was revoked before the node started; got \(reason ?? .null)")
                try await client.authenticate("alice/t2")
            }
        },
    ]

    private static func clients(_ cluster: TestCluster, _ token: String) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for gateway in cluster.gateways { clients.append(try await TestCluster.client(gateway, token)) }
        return clients
    }

    private static func withLateNode(_ cluster: TestCluster, _ body: (TestGateway) async throws -> Void) async throws {
        let gateway = try await TestGateway.start(cluster.configuration, modules: cluster.modules)
        do {
            try await gateway.waitForAdapter()
            try await body(gateway)
        } catch {
            await gateway.stop()
            throw error
        }
        await gateway.stop()
    }
}
