import AuthorizationModule
import GatewayKit
import MemoryModule
import RateLimitModule
import SizeLimitModule
import SlowConsumerModule

/// A pipeline whose cost is measured: what one publish to one subscriber takes, from the bytes that come to the bytes that go.
struct Scenario {
    let name: String
    /// The route stage.
    let route: String
    /// The deliver stage.
    let deliver: String

    /// All of them: nothing, each built-in module that a message meets, a module that looks at whole messages, and five.
    static let all = [
        Scenario(name: "no module", route: "", deliver: ""),
        Scenario(name: "size_limit", route: "size_limit", deliver: ""),
        Scenario(name: "rate_limit", route: "rate_limit", deliver: ""),
        Scenario(name: "authorization", route: "authorization", deliver: ""),
        Scenario(name: "slow_consumer", route: "", deliver: "slow_consumer"),
        Scenario(name: "a frame module", route: "inspector", deliver: ""),
        Scenario(
            name: "five modules", route: "size_limit, rate_limit/connection, rate_limit/user, authorization", deliver: "slow_consumer"),
    ]

    /// What the pipelines name.
    static let modules: [any Module.Type] = [
        SizeLimit.self, RateLimit.self, Authorization.self, SlowConsumer.self, Memory.self, Login.self, Inspector.self,
    ]

    /// The file; limits are beyond what is measured, and what a connection goes through before is no part of it.
    var configuration: String {
        """
        version: 1
        server: {host: 127.0.0.1, port: 0, event_loops: 1, ping_interval: 12h, ping_timeout: 24h}
        pipeline: {accept: [], handshake: [], auth: [login], route: [\(route)], deliver: [\(deliver)], pubsub: memory}
        modules:
          size_limit: {topics: [{match: "other.**", max_message: 1KiB}, {match: "chat.**", max_message: 64KiB}]}
          rate_limit: {rate: 1000000/s, burst: 1000000}
          rate_limit/connection: {rate: 1000000/s, burst: 1000000}
          rate_limit/user: {per: user, rate: 1000000/s, burst: 1000000}
          authorization:
            rules:
              - {allow: [publish], topics: ["users.<userId>.**"]}
              - {allow: [publish], topics: ["chat.*"], when: {roles: admin}}
              - {allow: [subscribe, publish], topics: ["chat.**"], when: {roles: member}}

        """
    }
}
