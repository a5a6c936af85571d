import GatewayKit
import GatewayServer
import NIOCore

extension AdminRoutes {
    var logLevelRoutes: [HTTPRoute] {
        let schema = HTTPSchema.object([.init("level", .string(pattern: "^(\(Self.levels.joined(separator: "|")))$"))], isOpen: false)
        return [
            HTTPRoute(
                .get, "/admin/v1/log-level",
                HTTPOperation("getLogLevel", "Tells how much is logged.", answers: [.success(200, "The level.", data: schema)])
            ) { [self] _ in logLevel },
            HTTPRoute(
                .put, "/admin/v1/log-level",
                HTTPOperation(
                    "setLogLevel", "Changes how much is logged, until the next start.", body: schema,
                    answers: [.success(200, "The level from now on.", data: schema)])
            ) { [self] request in
                guard let level = LogSettings.Level(rawValue: try AdminBody(request, fields: ["level"]).text("level")) else {
                    throw HTTPRefusal.invalid("level", "must be one of \(Self.levels.joined(separator: ", "))")
                }
                logThreshold.level = level
                return logLevel
            },
        ]
    }

    private static var levels: [String] { LogSettings.Level.allCases.map(\.rawValue) }

    private var logLevel: HTTPResponse { .success(data: JSONValue.object(["level": .string(logThreshold.level.rawValue)]).json) }
}
