import GatewayKit
import GatewayTestKit
import Logging
import NIOCore
import Webhook

/// The module, which says in the log why it has decided, each time that it has.
final class ExplainedWebhook: RouteStage {
    static let name = "explained_webhook"
    static let summary = "Asks as webhook does, and says why in the log."
    private let webhook: Webhook
    private let logger: Logger

    init(settings: WebhookSettings, context: ModuleContext) {
        webhook = Webhook(settings: settings, context: context)
        logger = context.logger
    }

    func start() async throws { try await webhook.start() }
    func stop() async { await webhook.stop() }

    func concerns(_ command: Command, _ connection: Connection) -> Bool { webhook.concerns(command, connection) }

    func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        let asked = command
        let verdict = webhook.route(&command, connection)
        guard case .later(let future) = verdict else { return explained(asked, verdict, connection) }
        return .later(future.assumeIsolated().map { [self] in explained(asked, $0, connection) }.nonisolated())
    }

    private func explained(_ command: Command, _ verdict: Verdict<Rejection>, _ connection: Connection) -> Verdict<Rejection> {
        let explanation = webhook.explain(.command(command, verdict), connection)
        logger.info("explained", metadata: ["why": "\(explanation?.text ?? "nothing")", "setting": "\(explanation?.setting ?? "none")"])
        return verdict
    }
}

extension TestGateway {
    /// What an ``ExplainedWebhook`` has said so far.
    var explanations: [String] { log.lines.filter { $0.message == "explained" }.map { $0.fields["why"] ?? "" } }
}
