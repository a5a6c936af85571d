internal import Crypto
internal import GatewayKit
package import GatewayServer
package import Logging
package import NIOCore

/// The admin listener and its Unix socket: they answer before the modules start, 503 `starting` to all but health.
package struct AdminListeners: Sendable {
    /// The port that is listened on.
    package let port: Int
    /// What callers have to show, where the configuration names no token: made for this start alone.
    package let oneTimeToken: String?

    /// Opens both: each answers once the log says so.
    ///
    /// - Parameters:
    ///   - settings: `admin`.
    ///   - gateway: What is administered.
    ///   - logThreshold: What all loggers of the process ask how much to log.
    ///   - logger: Says where it listens.
    ///   - reloading: Reloads the configuration.
    ///   - openAPI: Makes the description of the HTTP API, as JSON.
    /// - Returns: nil where the configuration wants none.
    /// - Throws: ``ListenFailure`` for the port, ``ConfigurationFailure`` for the socket.
    package static func open(
        _ settings: AdminSettings, _ gateway: Gateway, logThreshold: LogThreshold, logger: Logger, reloading: Reloading? = nil,
        openAPI: @escaping @Sendable () throws -> ByteBuffer
    ) async throws -> AdminListeners? {
        guard settings.enabled else { return nil }
        let configured = settings.token.flatMap { $0.bytes.isEmpty ? nil : $0 }
        let oneTimeToken = configured == nil ? randomToken() : nil
        let guardian = AdminGuard(token: configured ?? oneTimeToken.map { Secret($0) }, hosts: [settings.host])
        let revoke: (@Sendable (Revocation) async throws -> Int)? = gateway.canRevoke ? { @Sendable in try await gateway.revoke($0) } : nil
        let routes = AdminRoutes.make(
            gateway: gateway, logThreshold: logThreshold, metrics: .process,
            openAPI: openAPI, revoke: revoke, reloading: reloading)
        let port = try await gateway.listen(on: .port(host: settings.host, settings.port), routes: routes, guardian: guardian.refusal)
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        logger.info("admin API on http://\(host):\(port)")
        if let path = settings.socket?.path {
            let descriptor: CInt
            do throws(ModuleError) {
                descriptor = try AdminSocket(path: path).bind()
            } catch {
                throw ConfigurationFailure("admin", error)
            }
            _ = try await gateway.listen(on: .unixSocket(descriptor: descriptor), routes: routes, guardian: guardian.refusal)
            logger.info("admin API on \(path)")
        }
        return AdminListeners(port: port, oneTimeToken: oneTimeToken)
    }

    /// 256 bits from the system's source of randomness.
    private static func randomToken() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        }
    }
}

extension AdminGuard {
    /// The same for a request as a listener has it.
    fileprivate func refusal(_ request: SiteRequest) -> HTTPRefusal? {
        func only(_ name: String) -> String? {
            let lines = request.headers.filter { $0.name == name }
            return lines.count == 1 ? lines.first?.value : nil
        }
        return refusal(
            path: request.path, authorization: only("authorization"), host: only("host"), isUnixSocket: request.isUnixSocket)
    }
}
