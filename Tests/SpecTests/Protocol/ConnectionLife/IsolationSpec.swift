import GatewayTestKit
import Testing

/// No byte meant for one client ever reaches another.
struct IsolationSpec {
    // Promise: isolation.reset
    @Test(arguments: eventLoops)
    func `a client that resets with bytes pending leaves none of them to the next`(loops: Int) async throws {
        try await withGateway(unlimited, "limits: {max_queue: 64MiB}", loops: loops) { gateway in
            let publisher = try await gateway.client("publisher")
            let secret = JSON.string(String(repeating: "secret", count: 20_000))
            try await concurrently(0..<40, width: 4) { index in
                var manners = TestClient.Manners()
                manners.receiveBuffer = 4096
                let victim = try await gateway.client("victim", manners: manners)
                try await victim.subscribe("private.\(index)")
                try await victim.pauseReading()
                for _ in 0..<40 { publisher.publish("private.\(index)", secret) }
                // Its next frames are still on their way when the victim goes and the number of its socket is given to others.
                await victim.reset()
                try await concurrently(0..<4) { number in
                    let client = try await gateway.client("next")
                    for round in 0..<3 {
                        client.send(["type": "ping", "id": .string("\(index)-\(number)-\(round)")])
                        #expect(try await client.expect("pong")["requestId"] == .string("\(index)-\(number)-\(round)"))
                    }
                    try await client.close()
                }
            }
        }
    }

    // Promise: isolation.hostile
    @Test(arguments: eventLoops) func `hostile clients of every kind do not disturb a good one`(loops: Int) async throws {
        try await withGateway(unlimited, loops: loops) { gateway in
            let (alice, bob) = (try await gateway.client("alice"), try await gateway.client("bob"))
            try await alice.subscribe("chat")
            try await concurrently(0..<60) { index in
                let client = try await gateway.connect()
                switch index % 6 {
                case 0: client.sendRaw((0..<500).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) })
                case 1: client.send(String(repeating: "[", count: 10_000))
                case 2: client.send(frame: TestFrame(opcode: 1, declaredLength: .max))
                case 3: client.send(#"{"type":"auth","token":"\#(String(repeating: "a.", count: 4_000))"}"#)
                case 4: client.sendRaw(TestFrame.text("{").bytes.dropLast() + [])
                default: client.send(frame: TestFrame(opcode: 8, payload: [1]))
                }
                await client.reset()
            }
            bob.publish("chat", "all is well")
            try await alice.expectMessage("chat", "all is well")
        }
    }
}
