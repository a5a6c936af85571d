import GatewayKit

/// What a token is to say, read from the options of the command line.
struct TokenRequest {
    let user: String
    let claims: [String: JSONValue]
    let timeToLive: Duration

    /// Reads the options.
    ///
    /// - Throws: `CommandFailure` that names the option at fault.
    init(user: String, roles: [String] = [], claims: [String] = [], timeToLive: String = "1h") throws {
        guard !user.isEmpty else { throw CommandFailure("--user is empty", help: "give the user's id: --user alice") }
        guard user.utf8.count <= Self.maxUserBytes else {
            throw CommandFailure("--user has \(user.utf8.count) bytes", help: "a user's id has at most \(Self.maxUserBytes)")
        }
        self.user = user
        var values: [String: JSONValue] = roles.isEmpty ? [:] : ["roles": .array(roles.map { .string($0) })]
        for claim in claims {
            guard let equals = claim.firstIndex(of: "="), equals != claim.startIndex else {
                let what = claim.isEmpty || claim.hasPrefix("=") ? "name" : "value"
                throw CommandFailure(
                    "--claim '\(TerminalText.escaped(claim))' has no \(what)", help: "write it like --claim plan=pro")
            }
            let name = String(claim[..<equals])
            if let source = Self.generated[name] {
                throw CommandFailure("--claim \(name) cannot be given: the gateway sets that claim itself", help: "it comes from \(source)")
            }
            guard values.updateValue(Self.value(String(claim[claim.index(after: equals)...])), forKey: name) == nil else {
                throw CommandFailure("the claim '\(TerminalText.escaped(name))' is given twice")
            }
        }
        self.claims = values
        self.timeToLive = try Self.duration(timeToLive)
    }

    private static let maxUserBytes = 255

    /// The claims that no option can give, with where they come from.
    private static let generated = [
        "sub": "--user", "exp": "--ttl", "iat": "the clock", "jti": "chance", "iss": "modules.jwt.issuer", "aud": "modules.jwt.audience",
    ]

    /// The token, signed with the key of the configuration.
    ///
    /// - Throws: `CommandFailure` where no module of the pipeline signs tokens, or what the options ask for cannot be signed; `ExitCode` where
    ///   the module's settings are at fault.
    func token(_ checked: CheckedConfiguration) async throws -> String {
        try await OfflineProvider.tokenIssuer.use(checked) { issuer in
            do {
                return try await issuer.issueToken(subject: user, claims: claims, timeToLive: timeToLive)
            } catch let error as ModuleError where error.setting == nil {
                // No setting is at fault, so what was asked for is.
                throw CommandFailure("--user, --role and --claim: \(error.message)", help: error.help)
            }
        }
    }

    /// The JSON value, or the text where it is none.
    private static func value(_ text: String) -> JSONValue {
        JSONValue(json: Array(text.utf8)) ?? .string(text)
    }

    private static func duration(_ text: String) throws -> Duration {
        let node = ConfigurationNode(.scalar(text, isPlain: true), at: SourcePlace(.commandLine("--ttl")))
        var decoder = SettingsDecoder(baseFolder: "/", path: ["--ttl"])
        guard let duration = Duration.decode(node, &decoder), duration > .zero else {
            let finding = decoder.diagnostics.first
            throw CommandFailure(finding?.message ?? "--ttl: '\(text)' is no time at all", help: finding?.help ?? "write it like 15m or 8h")
        }
        return duration
    }
}
