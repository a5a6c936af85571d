/// Pub/sub: the memory adapter, with a count.
struct PubSubPlugin: PluginTemplate {
    let name: PluginName

    let purpose = "carries messages within this process, as memory does, and tells in the log how many"
    let settings = "{log_every: 1000}"

    var module: String {
        #"""
        import GatewayKit
        import Logging
        import NIOCore
        import Synchronization

        /// The settings of ``\#(type)``.
        public struct \#(type)Settings: Settings {
            /// How many events a line of the log stands for.
            public var logEvery = 1000

            /// The defaults.
            public init() {}

            /// The keys.
            public static let fields: [SettingField<Self>] = [
                SettingField("log_every", \.logEvery, range: 1...1_000_000_000, "How many events a line of the log stands for.")
            ]
        }

        /// Carries events within this process alone, and counts them.
        public final class \#(type): PubSubAdapter {
            /// The name in gateway.yaml.
            public static let name = "\#(key)"
            /// For `gateway modules`.
            public static let summary = "Carries events within this process alone, and counts them."

            private final class Attached: Sendable {
                let sink: any EventSink
                init(_ sink: any EventSink) { self.sink = sink }
            }
            /// Set once and read for every event, so without a lock.
            private let attached = AtomicLazyReference<Attached>()
            private let events = Atomic(0)
            private let logEvery: Int
            private let logger: Logger

            /// Takes the settings.
            public init(settings: \#(type)Settings, context: ModuleContext) {
                logEvery = settings.logEvery
                logger = context.logger
            }

            /// Remembers where events go; only the first call counts.
            public func attach(_ sink: any EventSink) { _ = attached.storeIfNil(Attached(sink)) }

            /// Delivers the event; a broker would take it here, and the sink get it when the broker brings it back.
            public func publish(_ event: Event, on eventLoop: any EventLoop) -> Verdict<Rejection> {
                guard let sink = attached.load()?.sink else {
                    return .refuse(Rejection(.brokerUnavailable, "Messages cannot be delivered yet"))
                }
                let verdict = sink.deliver(event, on: eventLoop)
                guard case .proceed = verdict else { return verdict }
                let count = events.wrappingAdd(1, ordering: .relaxed).newValue
                if count % logEvery == 0 { logger.info("\(count) events carried") }
                return .proceed
            }

            /// Nothing to do, since the sink knows its subscribers; a broker would be asked for the pattern here.
            public func subscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) -> Verdict<Rejection> { .proceed }

            /// Nothing to do.
            public func unsubscribe(_ pattern: TopicPattern, on eventLoop: any EventLoop) {}

            /// Up as soon as there is somewhere to deliver.
            public var health: AdapterHealth { attached.load() == nil ? .down("nothing is attached yet") : .up }
        }

        """#
    }

    var test: String {
        #"""
        import GatewayKit
        import GatewayPlugins
        import GatewayTestKit
        import Testing

        @Suite struct \#(type)Tests {
            @Test(arguments: PubSubAdapterConformance.checksOfOneNode, [1, 2])
            func `it does what every adapter has to do`(check: PubSubAdapterConformance.Check, eventLoops: Int) async throws {
                // Each event loop delivers at once what its own connections publish, so that two of them have no common order.
                let suite = PubSubAdapterConformance(
                    \#(type).self, nodes: 1, eventLoops: eventLoops, hasOneOrder: eventLoops == 1)
                try await suite.run(check)
            }

            @Test func `every so many events there is a line in the log`() async throws {
                try await TestGateway.with(\#(type).self, "{log_every: 2}") { gateway in
                    let client = try await gateway.connect()
                    try await client.authenticate("alice")
                    for _ in 1...5 { try await client.publishAcknowledged("chat") }
                    #expect(gateway.log.lines.map(\.message).filter { $0.hasSuffix("carried") } == ["2 events carried", "4 events carried"])
                }
            }

            @Test(arguments: ModuleConformance<\#(type)>.checks)
            func `it does what every module has to do`(check: ModuleConformance<\#(type)>.Check) async throws {
                try await ModuleConformance(\#(type).self, settings: "{log_every: 2}").run(check)
            }
        }

        """#
    }
}
