import Foundation
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
        self.user = user
        var values: [String: JSONValue] = roles.isEmpty ? [:] : ["roles": .array(roles.map { .string($0) })]
        for claim in claims {
            guard let equals = claim.firstIndex(of: "="), equals != claim.startIndex else {
                let what = claim.isEmpty || claim.hasPrefix("=") ? "name" : "value"
                throw CommandFailure(
                    "--claim '\(TerminalText.escaped(claim))' has no \(what)", help: "write it like --claim plan=pro")
            }
            let name = String(claim[..<equals])
            guard values.updateValue(Self.value(String(claim[claim.index(after: equals)...])), forKey: name) == nil else {
                throw CommandFailure("the claim '\(TerminalText.escaped(name))' is given twice")
            }
        }
        self.claims = values
        self.timeToLive = try Self.duration(timeToLive)
    }

    /// The JSON value, or the text where it is none.
    private static func value(_ text: String) -> JSONValue {
        (try? JSONDecoder().decode(JSONClaim.self, from: Data(text.utf8)))?.value ?? .string(text)
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

/// A claim's value as JSON has it.
private struct JSONClaim: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let flag = try? container.decode(Bool.self) {
            value = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            value = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else if let list = try? container.decode([JSONClaim].self) {
            value = .array(list.map(\.value))
        } else {
            value = .object(try container.decode([String: JSONClaim].self).mapValues(\.value))
        }
    }
}
