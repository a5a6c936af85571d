/// Why a client is refused: a stable slug, and the HTTP-like code of its error frame.
///
/// The slugs of the core are below; a module may make its own.
public struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// What stands in `details.reason` and, where it closes, in the close frame: snake_case, at most 64 bytes.
    public let slug: String
    /// 400, 401, 403, 408, 409, 413, 429, 500 or 503.
    public let code: Int

    /// Makes a reason.
    ///
    /// - Parameters:
    ///   - slug: In snake_case; cut to 64 bytes.
    ///   - code: HTTP-like.
    public init(_ slug: String, code: Int) {
        self.slug = String(slug.prefix(64))
        self.code = code
    }

    /// The slug.
    public var description: String { slug }
}

extension Reason {
    /// 400: the message is no JSON.
    public static let invalidJSON = Reason("invalid_json", code: 400)
    /// 400: the message is no object.
    public static let invalidFrame = Reason("invalid_frame", code: 400)
    /// 400: a field is missing.
    public static let missingField = Reason("missing_field", code: 400)
    /// 400: a field has a value that it cannot have.
    public static let invalidField = Reason("invalid_field", code: 400)
    /// 400: the type is none of the protocol's.
    public static let unknownType = Reason("unknown_type", code: 400)
    /// 400: the topic or pattern is malformed.
    public static let invalidTopic = Reason("invalid_topic", code: 400)
    /// 400: a key stands twice at the top of a frame.
    public static let duplicateKey = Reason("duplicate_key", code: 400)
    /// 400: more than 32 levels of brackets.
    public static let tooDeep = Reason("too_deep", code: 400)
    /// 400: a batch is malformed, empty or too long.
    public static let batch = Reason("batch", code: 400)

    /// 401: not authenticated yet.
    public static let notAuthenticated = Reason("not_authenticated", code: 401)
    /// 401: the token expires soon.
    public static let tokenExpiring = Reason("token_expiring", code: 401)
    /// 401: the token has expired on a live connection.
    public static let tokenExpired = Reason("token_expired", code: 401)
    /// 401: the token is no JWT.
    public static let malformed = Reason("malformed", code: 401)
    /// 401: the token's algorithm is not one that its key is for.
    public static let wrongAlgorithm = Reason("wrong_algorithm", code: 401)
    /// 401: the signature is wrong or the key unknown.
    public static let invalidSignature = Reason("invalid_signature", code: 401)
    /// 401: the token had expired when it came.
    public static let expired = Reason("expired", code: 401)
    /// 401: the token is for later.
    public static let notYetValid = Reason("not_yet_valid", code: 401)
    /// 401: the token has no `exp`.
    public static let missingExpiry = Reason("missing_expiry", code: 401)
    /// 401: another issuer.
    public static let wrongIssuer = Reason("wrong_issuer", code: 401)
    /// 401: another audience.
    public static let wrongAudience = Reason("wrong_audience", code: 401)
    /// 401: a refresh token where an access token is wanted.
    public static let wrongTokenUse = Reason("wrong_token_use", code: 401)
    /// 401: the token names no user.
    public static let missingSubject = Reason("missing_subject", code: 401)
    /// 401: the token was revoked.
    public static let revoked = Reason("revoked", code: 401)
    /// 401: no module knows this kind of credentials.
    public static let unsupportedCredentials = Reason("unsupported_credentials", code: 401)

    /// 403: the rules do not allow it.
    public static let forbidden = Reason("forbidden", code: 403)
    /// 403: too many subscriptions on the connection.
    public static let subscriptionLimit = Reason("subscription_limit", code: 403)

    /// 408: no `auth` in time.
    public static let authTimeout = Reason("auth_timeout", code: 408)
    /// 408: nothing was received for too long.
    public static let idleTimeout = Reason("idle_timeout", code: 408)
    /// 408: a message was begun and not finished in time.
    public static let messageTimeout = Reason("message_timeout", code: 408)

    /// 409: `auth` for another user on the same connection.
    public static let differentUser = Reason("different_user", code: 409)
    /// 413: over a size limit.
    public static let messageTooBig = Reason("message_too_big", code: 413)
    /// 429: over a rate.
    public static let rateLimited = Reason("rate_limited", code: 429)
    /// 429: far over a rate.
    public static let flood = Reason("flood", code: 429)
    /// 500: a bug; see the log under the same error id.
    public static let internalError = Reason("internal", code: 500)

    /// 503: the gateway is going down.
    public static let draining = Reason("draining", code: 503)
    /// 503: the client does not read fast enough.
    public static let slowConsumer = Reason("slow_consumer", code: 503)
    /// 503: messages were lost.
    public static let gap = Reason("gap", code: 503)
    /// 503: a budget of the whole process is used up.
    public static let overloaded = Reason("overloaded", code: 503)
    /// 503: the adapter cannot take messages.
    public static let brokerUnavailable = Reason("broker_unavailable", code: 503)
    /// 503: `server.max_connections` is reached.
    public static let serverFull = Reason("server_full", code: 503)
    /// 503: a verdict did not come in time.
    public static let timeout = Reason("timeout", code: 503)

    /// Close only: too many strikes.
    public static let tooManyErrors = Reason("too_many_errors", code: 400)
    /// Close only: too many bad tokens.
    public static let tooManyAttempts = Reason("too_many_attempts", code: 401)
    /// Close only, 1003: a binary message that no module took.
    public static let unsupportedData = Reason("unsupported_data", code: 400)
    /// Close only, 1007: text that is no UTF-8.
    public static let invalidUTF8 = Reason("invalid_utf8", code: 400)
    /// Close only, 1002: against RFC 6455.
    public static let protocolError = Reason("protocol_error", code: 400)
    /// Close only: an administrator ended the connection.
    public static let disconnected = Reason("disconnected", code: 403)

    /// HTTP only, 503: the gateway has not started yet.
    public static let starting = Reason("starting", code: 503)
}
