import GatewayKit

extension ModuleCheck {
    /// The module on several event loops.
    static let loops: [ModuleCheck] = [
        ModuleCheck("four event loops at once get the answers that one gets", isFor: isRemade) { rig in
            let forward = try await lanes(rig, [0, 1, 2, 3], atOnce: false)
            let backward = try await lanes(rig, [3, 2, 1, 0], atOnce: false)
            let atOnce = try await lanes(rig, [0, 1, 2, 3], atOnce: true)
            let count = forward.values.map(\.count).min() ?? 0
            // Where the order of the clients decides, there is no one answer.
            let defined = (0..<count).filter { question in (0..<4).allSatisfy { forward[$0]?[question] == backward[$0]?[question] } }
            for lane in 0..<4 {
                guard let wanted = forward[lane], let got = atOnce[lane] else { continue }
                try requireNone(
                    defined.filter { wanted[$0] != got[$0] }.map {
                        "'\(wanted[$0])' for question \($0), as on one loop; got '\(got[$0])' with four at once"
                    })
            }
        }
    ]

    /// What four clients get that have nothing in common, each with a loop of its own, or one after the other on one loop.
    private static func lanes(_ rig: ModuleRig, _ order: [Int], atOnce: Bool) async throws -> [Int: [String]] {
        let inputs = try rig.inputs()
        return try await rig.serving { crew in
            let questions = inputs.few(crew)
            @Sendable func run(_ lane: Int) async throws -> [String] {
                guard let address = ClientAddress("198.51.100.\(lane + 1)") else { return [] }
                let connection = try await rig.connect(atOnce ? lane : 0, from: address, as: Principal(userID: "lane\(lane)"))
                let accepted = try await connection.ask([.accept], of: crew)
                let own = questions.map { $0.asked(from: address, by: "lane\(lane)") }
                let answers = try await connection.ask(own, of: crew)
                if accepted.contains(where: \.isProceed) { try await connection.release(to: crew) }
                try requireNone((accepted + answers).flatMap(\.defects))
                return (accepted + answers).map(\.text)
            }
            if atOnce { return Dictionary(try await order.concurrently { ($0, try await run($0)) }) { first, _ in first } }
            var answers: [Int: [String]] = [:]
            for lane in order { answers[lane] = try await run(lane) }
            return answers
        }
    }
}

extension StageQuestion {
    /// The same question of somebody else, where it names who asks; what names a request is the asker's own.
    fileprivate func asked(from address: ClientAddress, by userID: String) -> StageQuestion {
        guard case .http(let index, let request) = self else { return self }
        let headers = request.headers.map { $0.name == "idempotency-key" ? ($0.name, "\(userID) \($0.value)") : $0 }
        return .http(
            index,
            HTTPRequest(
                method: request.method, path: request.path, query: request.query, headers: headers, body: request.body,
                parameters: request.parameters, address: address,
                principal: request.principal.map { Principal(userID: userID, claims: $0.claims) }))
    }
}
