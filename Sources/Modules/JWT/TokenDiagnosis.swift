import GatewayKit
import NIOCore

/// Why a token was rejected: what it says, what it would have to say, and which setting to look at.
struct TokenDiagnosis {
    private let text: String
    private let reason: Reason
    private let settings: JWTSettings
    private let now: Timestamp
    private let claims: [String: JSONValue]
    private let header: [String: JSONValue]

    init(_ text: String, _ reason: Reason, _ settings: JWTSettings, now: Timestamp) {
        (self.text, self.reason, self.settings, self.now) = (text, reason, settings, now)
        let contents = TokenContents(text)
        (header, claims) = (contents.header ?? [:], contents.claims ?? [:])
    }

    var explanation: StageExplanation {
        switch reason {
        case .malformed: malformed
        case .wrongAlgorithm:
            StageExplanation(
                "alg is \(header["alg"].shown), expected \(words) and a key for it", setting: "algorithms",
                help: "let the issuer sign with \(words), or list the algorithm, with its key")
        case .invalidSignature:
            StageExplanation(
                header["kid"].map { "no key of the gateway that \($0.shown) may name has signed it" }
                    ?? "no key of the gateway has signed it",
                setting: keySetting, help: "let issuer and gateway have the same key")
        case .expired: expired
        case .notYetValid: notYetValid
        case .missingExpiry:
            StageExplanation("there is no exp", help: "let the issuer say when the token expires: a token for ever is never taken")
        case .wrongIssuer: compared("iss", settings.issuer, "issuer")
        case .wrongAudience: compared("aud", settings.audience, "audience")
        case .wrongTokenUse: StageExplanation("it is a refresh token", help: "send the access token of the same login")
        case .missingSubject:
            StageExplanation(
                "\(settings.userClaim) is \(claims.member(settings.userClaim).shown), expected a text of 1 to 255 bytes",
                setting: "user_claim", help: "name the claim that holds the user's id")
        case .revoked:
            StageExplanation(
                "it was revoked, by its id, its login or its user", setting: "revocations", help: "log in again, or mint another one")
        default: StageExplanation(reason.slug)
        }
    }

    private var words: String { settings.algorithms.map(\.rawValue).joined(separator: ", ") }

    /// The setting that the keys come from.
    private var keySetting: String {
        if settings.secret?.bytes.isEmpty == false { return "secret" }
        if settings.secretFile != nil { return "secret_file" }
        if !settings.publicKeys.isEmpty { return "public_keys" }
        return settings.jwks == nil ? "private_key" : "jwks"
    }

    private var malformed: StageExplanation {
        let contents = TokenContents(text)
        let what =
            if text.utf8.count > CompactToken.maxBytes {
                "it has more than \(CompactToken.maxBytes) bytes"
            } else if contents.partCount != 3 {
                "it has \(contents.partCount) of the three parts between dots"
            } else if contents.header == nil {
                "its header is no JSON object in base64url"
            } else if contents.claims == nil {
                "its payload is no JSON object in base64url"
            } else if header["crit"] != nil {
                "its header has crit, which the gateway does not understand"
            } else if header["alg"]?.string == nil {
                "alg in its header is \(header["alg"].shown), expected a text"
            } else if let id = header["kid"], id.string == nil {
                "kid in its header is \(id.shown), expected a text"
            } else if let name = ["exp", "nbf", "iat"].first(where: { claims[$0] != nil && date($0) == nil }) {
                "\(name) is \(claims[name].shown), expected a date in seconds since 1970"
            } else {
                "its signature is no base64url"
            }
        return StageExplanation(what, help: "send the token as the issuer gave it: without 'Bearer', quotes or line breaks")
    }

    private var expired: StageExplanation {
        let time = date("exp").map { PassedTime(from: now, to: $0).text("expires", "expired") } ?? "expired"
        return StageExplanation(
            "\(time), with a leeway of \(settings.leeway.settingText)", setting: "leeway",
            help: "refresh it or log in again; if it is new, compare the clocks of issuer and gateway")
    }

    private var notYetValid: StageExplanation {
        let starts = ["nbf", "iat"].compactMap { name in date(name).map { (name, $0) } }.filter { $0.1 > now }
        let times = starts.map { "\($0.0) \(PassedTime(from: now, to: $0.1).text("is", "was"))" }.joined(separator: ", ")
        return StageExplanation(
            "\(times), with a leeway of \(settings.leeway.settingText)", setting: "leeway",
            help: "compare the clocks of issuer and gateway")
    }

    private func compared(_ claim: String, _ wanted: String?, _ setting: String) -> StageExplanation {
        StageExplanation(
            "\(claim) is \(claims[claim].shown), expected \(JSONValue.string(wanted ?? "").shown)", setting: setting,
            help: "let the issuer write what modules.jwt.\(setting) says, or change that")
    }

    private func date(_ name: String) -> Timestamp? {
        switch claims[name] {
        case .integer(let seconds): Timestamp(seconds: Double(seconds))
        case .number(let seconds): Timestamp(seconds: seconds)
        case nil, .null, .bool, .string, .array, .object: nil
        }
    }
}

extension JSONValue {
    /// The value as JSON, cut where it is long.
    fileprivate var shown: String {
        var json = ByteBuffer()
        json.writeJSON(self)
        let text = String(buffer: json)
        return text.count > 200 ? "\(text.prefix(200))…" : text
    }
}

extension JSONValue? {
    fileprivate var shown: String { self?.shown ?? "missing" }
}
