public import GatewayKit

/// What every adapter has to do, checked through whole gateways that share a broker, over real sockets.
///
/// The checks are arguments of a test, so that each shows by its name:
///
///     @Test(arguments: PubSubAdapterConformance.checks, [1, 2])
///     func `the adapter conforms`(check: PubSubAdapterConformance.Check, eventLoops: Int) async throws {
///         let settings = "{url: \(server.url), prefix: \(UUID())}"
///         try await PubSubAdapterConformance(MyAdapter.self, settings: settings, eventLoops: eventLoops).run(check)
///     }
///
/// Each check makes its own gateways; give each settings under which it hears nothing of another that runs beside it.
public struct PubSubAdapterConformance: Sendable {
    /// One thing that an adapter has to do.
    public struct Check: Sendable, CustomStringConvertible {
        /// What it is, as a sentence.
        public let name: String
        /// Whether it makes no sense within one gateway.
        let needsSeveralNodes: Bool
        let body: @Sendable (TestCluster) async throws -> Void

        init(_ name: String, needsSeveralNodes: Bool = false, _ body: @escaping @Sendable (TestCluster) async throws -> Void) {
            self.name = name
            self.needsSeveralNodes = needsSeveralNodes
            self.body = body
        }

        /// The name.
        public var description: String { name }
    }

    /// Every check.
    public static let checks: [Check] = delivery + order + subscriptions + severalTopics + content + oddities + revocations

    /// The checks for an adapter within one process.
    public static let checksOfOneNode: [Check] = checks.filter { !$0.needsSeveralNodes }

    private let nodes: Int
    private let configuration: TestConfiguration
    private let modules: [any Module.Type]
    private let hasOneOrder: Bool

    /// Says what is checked.
    ///
    /// - Parameters:
    ///   - adapter: The adapter's type.
    ///   - settings: What stands under its name in gateway.yaml, as a mapping in braces.
    ///   - nodes: How many gateways share the broker; 1 for an adapter within one process, whose both ends are the same gateway then.
    ///   - eventLoops: How many event loops each gateway has; an adapter has to conform with one and with two.
    ///   - hasOneOrder: Whether all subscribers of a topic see one order, whoever publishes; false where each publisher's order is all
    ///     that is promised.
    public init(_ adapter: any PubSubAdapter.Type, settings: String = "{}", nodes: Int = 3, eventLoops: Int = 1, hasOneOrder: Bool = true) {
        self.nodes = nodes
        self.hasOneOrder = hasOneOrder
        modules = [adapter, TestLogin.self]
        configuration = TestConfiguration(file: Self.file(adapter.name, settings, eventLoops))
    }

    /// Starts the gateways, waits until messages flow, and runs a check.
    ///
    /// - Parameter check: One of ``checks``.
    /// - Throws: ``Unmet`` or ``TestClientError`` that says what was wanted and what came; ``BadConfiguration`` or the adapter's error
    ///   where a gateway does not start.
    public func run(_ check: Check) async throws {
        try await TestGateway.with(nodes, configuration, modules: modules) { gateways in
            for gateway in gateways { try await gateway.waitForAdapter() }
            try await check.body(
                TestCluster(gateways: gateways, hasOneOrder: hasOneOrder, configuration: configuration, modules: modules))
        }
    }

    /// No limit that a check could meet, and nothing in the pipeline but who somebody is.
    private static func file(_ adapter: String, _ settings: String, _ eventLoops: Int) -> String {
        """
        version: 1
        server: {host: 127.0.0.1, port: 0, event_loops: \(eventLoops), ping_interval: 12h, ping_timeout: 24h}
        limits: {max_subscriptions: 10000, max_queue: 64MiB}
        pipeline:
          accept: []
          handshake: []
          auth: [\(TestLogin.name)]
          route: []
          deliver: []
          pubsub: \(adapter)
        modules:
          \(adapter): \(settings)

        """
    }
}
