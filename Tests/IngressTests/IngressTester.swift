import GatewayKit
import GatewayTestKit
import Logging
import NIOCore
import NIOPosix

@testable import IngressModule

/// The module with a clock that stands still and a publisher that remembers.
final class IngressTester: Sendable {
    let clock = ManualClock()
    let publisher = RecordingPublisher()
    private let shared = SharedState()

    /// Makes the module; a second time is what a reload does.
    func make(_ settings: String = "{}") throws -> Ingress {
        try Ingress(
            settings: SettingsTester.settings(IngressSettings.self, settings),
            context: ModuleContext(
                instance: "ingress", logger: Logger(label: "ingress") { _ in SwiftLogNoOpLogHandler() },
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton, clock: clock.gatewayClock, shared: shared,
                capabilities: Capabilities(), publisher: publisher))
    }

    static func request(
        _ body: String, path: String = "/api/messages", parameters: [String: String] = [:], from address: String = "192.0.2.1",
        userID: String? = "alice", key: String? = nil
    ) throws -> HTTPRequest {
        guard let address = ClientAddress(address) else { throw NoAddress() }
        return HTTPRequest(
            method: "POST", path: path, headers: key.map { [("idempotency-key", $0)] } ?? [], body: ByteBuffer(string: body),
            parameters: parameters, address: address, principal: userID.map { Principal(userID: $0) })
    }

    private struct NoAddress: Error {}
}

extension Ingress {
    /// What the first route answers.
    func post(_ body: String, userID: String? = "alice", from address: String = "192.0.2.1", key: String? = nil) async throws
        -> HTTPResponse
    {
        try await routes[0].answer(IngressTester.request(body, from: address, userID: userID, key: key))
    }

    /// How the first route refuses; nil where it does not.
    func refusal(_ body: String, userID: String? = "alice", from address: String = "192.0.2.1", key: String? = nil) async throws
        -> HTTPRefusal?
    {
        try await refusal(of: IngressTester.request(body, from: address, userID: userID, key: key))
    }

    func refusal(of request: HTTPRequest, route index: Int = 0) async throws -> HTTPRefusal? {
        do {
            _ = try await routes[index].answer(request)
            return nil
        } catch let refusal as HTTPRefusal {
            return refusal
        } catch let rejection as Rejection {
            return HTTPRefusal(rejection)
        }
    }
}

extension HTTPResponse {
    var text: String { String(buffer: body) }

    /// The text of `data`.
    var data: String {
        let start = #"{"success":true,"data":"#
        return text.hasPrefix(start) && text.hasSuffix("}") ? String(text.dropFirst(start.count).dropLast()) : ""
    }
}
