/// The names that modules of the gateway's own have, which no plugin can take.
package enum BuiltInNames {
    /// The names, each with its type as Swift writes it.
    package static let owners = [
        "accounts": "AccountsModule.Accounts", "authorization": "AuthorizationModule.Authorization", "ingress": "IngressModule.Ingress",
        "ip_cap": "IPCapModule.IPCap", "jwt": "JWTModule.JWT", "memory": "MemoryModule.Memory", "origin": "OriginModule.Origin",
        "playground": "PlaygroundModule.Playground", "rate_limit": "RateLimitModule.RateLimit", "redis": "RedisModule.Redis",
        "size_limit": "SizeLimitModule.SizeLimit", "slow_consumer": "SlowConsumerModule.SlowConsumer",
    ]
}
