import GatewayKit
import Logging

/// Refuses clients with 503 and a time to come back, as long as somebody says so: by a file, or by the admin API.
///
/// In the handshake list it lets nobody new in; in the route list it refuses what those who are there want to do. What they have
/// subscribed to they keep.
public struct MaintenanceMode: HandshakeStage, RouteStage {
    /// The name in gateway.yaml.
    public static let name = "maintenance_mode"
    /// What it does.
    public static let summary = "Refuses clients with 503 while the service is in maintenance."

    /// Why: 503 `maintenance`.
    public static let reason = Reason("maintenance", code: 503)

    private let settings: MaintenanceSettings
    private let operators: OperatorSwitch
    private let file: FileSwitch?
    private let path: HTTPPath
    private let logger: Logger
    /// Whether nobody is served, and so what an operator has said elsewhere is not known.
    private let isTrial: Bool

    /// Looks for the file, and goes on to do so from ``start()`` on.
    public init(settings: MaintenanceSettings, context: ModuleContext) {
        self.settings = settings
        path = context.adminPath()
        logger = context.logger
        isTrial = context.isTrial
        // What an operator said outlives a reload.
        operators = context.state("operators") { OperatorSwitch() }
        file = settings.file.map { FileSwitch($0, every: settings.checkInterval, context.logger) }
    }

    /// Begins to watch the file.
    public func start() async throws { file?.start() }

    /// Watches it no more.
    public func stop() async { file?.stop() }

    /// Refuses the upgrade.
    public func handshake(_ request: inout UpgradeRequest, _ connection: Connection) -> Verdict<HTTPRefusal> {
        guard isRefused(connection) else { return .proceed }
        return .refuse(HTTPRefusal(status: 503, Self.reason, settings.message, retryAfter: settings.retryAfter))
    }

    /// Refuses subscribes and publishes.
    public func route(_ command: inout Command, _ connection: Connection) -> Verdict<Rejection> {
        guard isRefused(connection), !command.isReevaluation else { return .proceed }
        if command.action == .unsubscribe || command.action == .ingress && settings.allowIngress { return .proceed }
        return .refuse(Rejection(Self.reason, settings.message, retryAfter: settings.retryAfter))
    }

    /// One load of an atomic for each switch while there is no maintenance.
    private func isRefused(_ connection: Connection) -> Bool {
        guard operators.isOn || file?.isOn == true else { return false }
        return !settings.allow.contains { $0.contains(connection.address) }
    }
}

extension MaintenanceMode: AdminModule {
    private static let state = HTTPSchema.object(
        [.init("on", .boolean), .init("file", .boolean), .init("operator", .boolean)], isOpen: false)

    /// `GET` tells, `PUT {"on": true}` begins and `PUT {"on": false}` ends what an operator has begun.
    public var adminRoutes: [HTTPRoute] {
        [
            HTTPRoute(
                .get, path,
                HTTPOperation("getMaintenance", "Tells who has begun a maintenance.", answers: [.success(200, "Who.", data: Self.state)])
            ) { _ in status },
            HTTPRoute(
                .put, path,
                HTTPOperation(
                    "setMaintenance", "Begins or ends a maintenance.", body: .object([.init("on", .boolean)], isOpen: false),
                    answers: [.success(200, "Who has begun one from now on.", data: Self.state)])
            ) { request in
                guard case .bool(let isOn) = try request.object()["on"] else {
                    throw HTTPRefusal(status: 400, .invalidField, "'on' has to be true or false", field: "on")
                }
                operators.isOn = isOn
                logger.notice(isOn ? "an operator begins a maintenance" : "an operator ends the maintenance")
                return status
            },
        ]
    }

    private var status: HTTPResponse {
        let isFileThere = file?.isOn == true
        var data = JSONWriter()
        data.member("on", .bool(isFileThere || operators.isOn))
        data.member("file", .bool(isFileThere))
        data.member("operator", .bool(operators.isOn))
        return .success(data: data.finish())
    }
}

extension MaintenanceMode: ExplainingStage {
    /// Who has begun the maintenance.
    public func explain(_ decision: StageDecision, _ connection: Connection) -> StageExplanation? {
        guard operators.isOn || file?.isOn == true else {
            return StageExplanation(isTrial ? "the file is not there; what the admin API has begun is not known here" : "no maintenance")
        }
        guard isRefused(connection) else { return StageExplanation("\(connection.address) is let through", setting: "allow") }
        guard file?.isOn == true else { return StageExplanation("an operator has begun a maintenance") }
        return StageExplanation("the file \(settings.file?.path ?? "") is there", setting: "file", help: "remove the file")
    }
}
