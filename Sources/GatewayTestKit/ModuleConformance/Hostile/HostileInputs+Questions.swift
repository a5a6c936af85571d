import GatewayKit
import NIOCore

extension HostileInputs {
    /// A few questions for each stage that the module serves: what a check asks that is about something else.
    ///
    /// None of an operator: what he says may change every answer after it.
    func few(_ crew: ModuleCrew) -> [StageQuestion] {
        func some<Value>(_ values: [Value], _ count: Int) -> [Value] {
            stride(from: 0, to: values.count, by: max(1, values.count / count)).map { values[$0] }
        }
        let module = crew.tested
        var questions: [StageQuestion] = []
        if module is any HandshakeStage { questions += some(upgrades, 12).map(StageQuestion.handshake) }
        if module is any AuthStage {
            questions += (some(credentials, 10) + [token].compactMap { $0 }.map { .token($0) }).map(StageQuestion.auth)
        }
        if module is any FrameStage { questions += some(frames.filter { $0.payload.readableBytes < 4096 }, 10).map(StageQuestion.frame) }
        if module is any RouteStage { questions += some(commands, 40).map(StageQuestion.route) }
        if module is any DeliverStage { questions += some(deliveries, 20).map { .deliver($0.message, $0.backlog) } }
        for (index, route) in crew.routes.enumerated() {
            // Right bodies are the dear ones, such as passwords to hash: the first is right, and one in ten of the others.
            questions += some(requests(route), 8).map { .http(index, $0) }
        }
        return questions
    }
}
