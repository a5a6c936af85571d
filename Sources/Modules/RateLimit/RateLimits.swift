import GatewayKit

/// The rules of the two buckets.
struct RateLimits: Sendable {
    let messages: TokenRate
    /// Nil where bytes do not count.
    let bytes: TokenRate?

    init(_ settings: RateLimitSettings) {
        messages = TokenRate(settings.rate, burst: settings.burst)
        // One second's worth at once; a message beyond that is charged as a whole bucket, so it passes when the bucket is full.
        bytes = settings.bytes.map { TokenRate(Rate($0.bytes), burst: $0.bytes) }
    }
}
