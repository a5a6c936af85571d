import GatewayKit

extension ModuleCheck {
    /// What the accept stage counts.
    static let accepting: [ModuleCheck] = [
        ModuleCheck("accept: who has been released makes room for as many again", isFor: { $0 is any AcceptStage.Type }) { rig in
            for text in ["192.0.2.7", "2001:db8:7::7"] {
                guard let address = ClientAddress(text) else { continue }
                try await rig.serving { crew in
                    let first = try await round(rig, crew, address)
                    for _ in 0..<2 {
                        let next = try await round(rig, crew, address)
                        try require(
                            next == first,
                            "after all of \(address) were released, and a day, the first verdicts again: \(summary(first)); got \(summary(next))"
                        )
                    }
                }
            }
        },
        ModuleCheck("accept: what a generation let in, it gets back after the next one serves", isFor: { $0 is any AcceptStage.Type }) {
            rig in
            let address = HostileInputs.addresses[0]
            let shared = SharedState()
            let first = try await rig.serving(shared: shared) { old in
                let first = try await round(rig, old, address)
                let (_, letIn) = try await fill(rig, old, address)
                let next = try await rig.serving(shared: shared) { new in
                    for connection in letIn { try await connection.release(to: old) }
                    rig.clock.advance(by: .seconds(86_400))
                    return try await round(rig, new, address)
                }
                try require(next == first, "after a reload, and a day, the first verdicts again: \(summary(first)); got \(summary(next))")
                return first
            }
            let last = try await rig.serving(shared: shared) { try await round(rig, $0, address) }
            try require(last == first, "after the old ones have stopped the first verdicts again: \(summary(first)); got \(summary(last))")
        },
    ]

    /// How many connections are tried, and how many refusals in a row are enough.
    private static let (maxConnections, maxRefusals) = (300, 20)

    /// Connects until nobody is let in any more, on all loops.
    private static func fill(
        _ rig: ModuleRig, _ crew: ModuleCrew, _ address: ClientAddress
    ) async throws -> (verdicts: [String], letIn: [RigConnection]) {
        var verdicts: [String] = []
        var letIn: [RigConnection] = []
        var refusals = 0
        while verdicts.count < maxConnections, refusals < maxRefusals {
            let connection = try await rig.connect(verdicts.count, from: address)
            let answers = try await connection.ask([.accept], of: crew)
            try requireNone(answers.flatMap(\.defects))
            if answers.contains(where: \.isProceed) {
                letIn.append(connection)
                refusals = 0
            } else {
                // Never given back: it was not let in.
                refusals += 1
            }
            verdicts += answers.map(\.text)
        }
        return (verdicts, letIn)
    }

    /// Fills, and gives everything back in another order.
    private static func round(_ rig: ModuleRig, _ crew: ModuleCrew, _ address: ClientAddress) async throws -> [String] {
        var random = SeededRandom(seed: 5)
        let (verdicts, letIn) = try await fill(rig, crew, address)
        for connection in letIn.shuffled(using: &random) { try await connection.release(to: crew) }
        // What comes back with time has come back.
        rig.clock.advance(by: .seconds(86_400))
        return verdicts
    }

    private static func summary(_ verdicts: [String]) -> String {
        let refused = verdicts.first { $0 != StageAnswer.proceed.text }
        return "\(verdicts.count { $0 == StageAnswer.proceed.text }) let in of \(verdicts.count)\(refused.map { ", then '\($0)'" } ?? "")"
    }
}
