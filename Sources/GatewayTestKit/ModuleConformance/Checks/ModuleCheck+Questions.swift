import GatewayKit

extension ModuleCheck {
    /// What a client may send, in each stage.
    static let questions: [ModuleCheck] = [
        ModuleCheck("accept: every address gets a verdict", isFor: { $0 is any AcceptStage.Type }) { rig in
            try await rig.serving { crew in
                var defects: [String] = []
                for (index, address) in HostileInputs.addresses.enumerated() {
                    let connection = try await rig.connect(index, from: address)
                    let answers = try await connection.ask([.accept], of: crew)
                    if answers.contains(where: \.isProceed) { try await connection.release(to: crew) }
                    defects += answers.flatMap(\.defects).map { "accept from \(address): \($0)" }
                }
                try requireNone(defects)
            }
        },
        ModuleCheck("handshake: every request gets a verdict", isFor: { $0 is any HandshakeStage.Type }) { rig in
            try await ask(rig) { inputs, _ in inputs.upgrades.map(StageQuestion.handshake) }
        },
        ModuleCheck("auth: every token gets a verdict", isFor: { $0 is any AuthStage.Type }) { rig in
            try await ask(rig) { inputs, _ in inputs.credentials.map(StageQuestion.auth) }
        },
        ModuleCheck("auth: the token that it accepts is accepted", isFor: { $0 is any AuthStage.Type }) { rig in
            guard let token = rig.setup.token else { return }
            try await rig.serving { crew in
                let connection = try await rig.connect(from: HostileInputs.addresses[0])
                let answers = try await connection.ask([.auth(.token(token))], of: crew)
                try require(
                    answers.allSatisfy { $0.text.hasPrefix("accepted ") }, "accepted for the given token; got \(answers.map(\.text))")
            }
        },
        ModuleCheck("route: every command of everybody gets a verdict", isFor: { $0 is any RouteStage.Type }) { rig in
            try await ask(rig) { inputs, _ in inputs.commands.map(StageQuestion.route) }
        },
        ModuleCheck("route: every message gets a verdict, text or binary", isFor: { $0 is any FrameStage.Type }) { rig in
            try await ask(rig) { inputs, _ in inputs.frames.map(StageQuestion.frame) }
        },
        ModuleCheck("deliver: every size gets a verdict, whatever is queued", isFor: { $0 is any DeliverStage.Type }) { rig in
            try await ask(rig) { inputs, _ in inputs.deliveries.map { .deliver($0.message, $0.backlog) } }
        },
    ]

    /// What may be asked over HTTP.
    static let requests: [ModuleCheck] = [
        ModuleCheck("http: every request is answered, or refused by name", isFor: { $0 is any HTTPModule.Type }) { rig in
            try await request(rig, { $0.routes }, StageQuestion.http)
        },
        ModuleCheck("admin: every request of an operator is answered, or refused by name", isFor: { $0 is any AdminModule.Type }) { rig in
            try await request(rig, { $0.adminRoutes }, StageQuestion.admin)
        },
    ]

    /// Asks each of the routes, with a broker and without one.
    private static func request(
        _ rig: ModuleRig, _ routes: @Sendable (ModuleCrew) -> [HTTPRoute],
        _ question: @Sendable (Int, HTTPRequest) -> StageQuestion
    ) async throws {
        for refusal in [nil, Rejection(.forbidden, "The rules do not allow it"), Rejection(.brokerUnavailable, "The broker is away")] {
            // Whoever does not publish need not be asked again.
            if refusal != nil, !rig.publisher.isAsked { break }
            rig.publisher.refuse(refusal)
            try await ask(rig) { inputs, crew in
                routes(crew).enumerated().flatMap { index, route in
                    inputs.requests(route).enumerated().filter { refusal == nil || $0.offset.isMultiple(of: 4) }
                        .map { question(index, $0.element) }
                }
            }
        }
        try requireNone(rig.publisher.defects)
    }

    /// Asks questions of somebody new every few of them, and demands that every answer has its form.
    private static func ask(_ rig: ModuleRig, _ questions: @Sendable (HostileInputs, ModuleCrew) -> [StageQuestion]) async throws {
        let inputs = try rig.inputs()
        let principals = inputs.principals
        try await rig.serving { crew in
            let questions = questions(inputs, crew)
            var defects: [String] = []
            let share = max(1, questions.count / principals.count)
            for (index, start) in stride(from: 0, to: questions.count, by: share).enumerated() {
                let address = HostileInputs.addresses[index % HostileInputs.addresses.count]
                let connection = try await rig.connect(index, from: address, as: principals[index % principals.count])
                let asked = Array(questions[start..<min(start + share, questions.count)])
                let answers = try await connection.ask(asked, of: crew, pace: .milliseconds(200))
                for (question, answer) in zip(asked, answers) { defects += answer.defects.map { "\(question): \($0)" } }
                defects += try await connection.defects()
            }
            try requireNone(defects)
        }
        try require(!rig.log.text.contains(HostileInputs.secret), "a log without tokens; got one of those that were sent")
    }
}
