public import GatewayKit
import Synchronization

/// The module `webhook`: asks an HTTP back end before a subscribe or a publish, and posts it when connections come and go.
///
/// What the back end does not decide, in time and in a form that can be read, is a failed verdict: `on_error` says what that counts as, and
/// after ten of them in a row the core asks no more for a while.
public final class Webhook: Module {
    /// The name in gateway.yaml.
    public static let name = "webhook"
    /// What the module does.
    public static let summary = "Asks an HTTP back end before a subscribe or a publish, and posts it when connections come and go."
    /// What the back end would refuse can be counted first.
    public static let canObserve = true
    /// Nobody is asked about what is refused anyway.
    public static let runsAfter = ["size_limit", "rate_limit", "authorization"]

    let settings: WebhookSettings
    let decisions: Decisions
    let outlet: EventOutlet
    private let isTrial: Bool
    /// What is there from the start to the stop.
    private let open = Mutex<(backEnd: BackEnd, destination: EventDestination?)?>(nil)

    /// A back end that does not answer; both URLs are waited for at once, for 4 s at the most.
    public static func obstacles(to settings: WebhookSettings) async -> [ModuleError] { await obstacles(to: settings, within: .seconds(4)) }

    static func obstacles(to settings: WebhookSettings, within limit: Duration) async -> [ModuleError] {
        var settings = settings
        settings.timeout = min(settings.timeout, limit)
        let backEnd = BackEnd(settings)
        async let decisions = obstacle("url", settings.url, backEnd)
        async let events = obstacle("events_url", settings.eventsURL, backEnd)
        let obstacles = await [decisions, events].compactMap(\.self)
        await backEnd.close()
        return obstacles
    }

    private static func obstacle(_ setting: String, _ url: BackEndURL?, _ backEnd: BackEnd) async -> ModuleError? {
        guard let url else { return nil }
        do throws(BackEndFailure) {
            try await backEnd.knock(at: url)
            return nil
        } catch {
            return ModuleError("\(url): \(error)", help: "start the back end, or correct the URL", setting: setting, code: .unreachable)
        }
    }

    /// Makes the module.
    public init(settings: WebhookSettings, context: ModuleContext) {
        self.settings = settings
        isTrial = context.isTrial
        decisions = Decisions(settings, context)
        // Events are posted in the order in which they happened, whatever is reloaded in between.
        outlet = context.state("events") { EventOutlet(clock: context.clock, logger: context.logger) }
    }

    /// Opens what the back end is asked over.
    public func start() async throws {
        let backEnd = BackEnd(settings)
        // A simulated client is nobody's news.
        let url = isTrial ? nil : settings.eventsURL
        let destination = url.map { EventDestination(backEnd, $0, attempts: settings.eventAttempts) }
        open.withLock { $0 = (backEnd, destination) }
        decisions.begin(backEnd)
        if let destination { outlet.begin(destination) }
    }

    /// Posts what has happened last, for a second at the most, and closes.
    public func stop() async {
        guard let (backEnd, destination) = open.withLock({ $0.take() }) else { return }
        if let destination { await outlet.end(destination) }
        await backEnd.close()
    }
}

extension Webhook: RouteStage {
    /// Asks the back end about what it is to decide; everything else proceeds at once.
    public func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> { decisions.decide(command, connection) }

    /// Whether the back end would be asked.
    public func concerns(_ command: Command, _ connection: Connection) -> Bool { decisions.wouldAsk(about: command, connection) }
}

extension Webhook: EventHooks {
    /// Posts `opened`.
    public func opened(_ connection: Connection) { tell(.opened, connection) }

    /// Posts `authenticated`.
    public func authenticated(_ connection: Connection) { tell(.authenticated, connection) }

    /// Posts `closed`.
    public func closed(_ connection: Connection, _ end: ConnectionEnd) { tell(.closed, connection, end) }

    private func tell(_ kind: ConnectionEvent.Kind, _ connection: Connection, _ end: ConnectionEnd? = nil) {
        guard settings.eventsURL != nil, settings.events.contains(kind) else { return }
        outlet.add(ConnectionEvent(kind, connection, end), limit: settings.maxEvents)
    }
}
