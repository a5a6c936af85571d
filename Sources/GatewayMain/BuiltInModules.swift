import AccountsModule
import AuthorizationModule
package import GatewayKit
import IPCapModule
import IngressModule
import JWTModule
import MemoryModule
import OriginModule
import PlaygroundModule
import RateLimitModule
import RedisModule
import SizeLimitModule
import SlowConsumerModule

/// The modules that every gateway has, in the order of the pipeline.
package enum BuiltInModules {
    /// All of them.
    package static let all: [any Module.Type] = [
        IPCap.self, Origin.self, JWT.self, SizeLimit.self, RateLimit.self, Authorization.self, SlowConsumer.self, Memory.self,
        Redis.self, Accounts.self, Ingress.self, Playground.self,
    ]
}
