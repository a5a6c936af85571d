import Foundation
import GatewayConfiguration
import GatewayKit

/// What `gateway env` prints: the variables of each profile, and those that look like the gateway's and are read by nobody.
struct VariableListing {
    /// A variable that is set and read by nobody.
    struct Unread: Equatable, Encodable {
        let name: String
        /// The name that was probably meant.
        let nearest: String?
    }

    private static let prefixes = ["GATEWAY_", "PUBSUB_", "WEBSOCKET_"]
    private static let profileVariable = ConfigurationOptions.profileVariable

    /// The configuration file, as it was named.
    let file: String
    let inventories: [VariableInventory]
    let environment: [String: String]
    /// What `--profile` gave.
    let profileOption: String?

    /// The variables that look like the gateway's, are set, and are read by nobody.
    var unread: [Unread] {
        let read = inventories.flatMap { $0.variables.map(\.name) + $0.namedInFile } + [Self.profileVariable]
        let known = Set(read).sorted()
        return environment.keys.sorted().compactMap { name in
            guard let prefix = Self.prefixes.first(where: { name.hasPrefix($0) }), !known.contains(name) else { return nil }
            // A long beginning in common makes no two names alike.
            let ends = known.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            let near = NameSuggestion.nearest(to: String(name.dropFirst(prefix.count)), in: ends)
            return Unread(name: name, nearest: near.map { prefix + $0 })
        }
    }

    /// The list for people.
    func text(isColoured: Bool) -> String {
        var lines = AnnotatedLines(isColoured: isColoured)
        for inventory in inventories {
            lines.add("# \(file), \(inventory.profile.map { "profile \($0)" } ?? "no profile")")
            for variable in [profile(inventory)].compactMap(\.self) + inventory.variables {
                lines.add(variable.name + (variable.shownValue.map { "=\($0)" } ?? ""), Self.remark(variable))
            }
        }
        let unread = unread
        if !unread.isEmpty { lines.add("# read by nobody") }
        for variable in unread {
            lines.add(variable.name, variable.nearest.map { "did you mean \($0)?" } ?? "nothing has a name like that")
        }
        return lines.text
    }

    /// The variable that chooses the profile; nil in the list of another profile.
    private func profile(_ inventory: VariableInventory) -> ReadVariable? {
        guard inventory.profile == inventories.first?.profile else { return nil }
        let value = environment[Self.profileVariable].flatMap { $0.isEmpty ? nil : $0 }
        let origin: ReadVariable.Origin =
            value == nil ? .unset : profileOption.map { .ignored("--profile \($0) wins") } ?? .environment
        return ReadVariable(
            name: Self.profileVariable, origin: origin, value: value, isSecret: false, uses: [.init(setting: "--profile", place: nil)])
    }

    private static func remark(_ variable: ReadVariable) -> String {
        let origin =
            switch variable.origin {
            case .environment: "environment"
            case .ignored(let why): "not used: \(why)"
            case .file(let text): text.isEmpty ? "not set, and may be empty" : "not set: the file has '\(variable.shown(text))'"
            case .unset: "not set"
            case .missing: "missing"
            }
        let uses = variable.uses.map { use in use.setting + (use.place.map { " at \($0)" } ?? "") }
        return ([origin] + (uses.isEmpty ? [] : [uses.joined(separator: ", ")])).joined(separator: "; ")
    }
}

extension VariableListing {
    private struct Document: Encodable {
        let profiles: [Profile]
        let unread: [Unread]
        let diagnostics: [JSONDiagnostics.Item]
    }

    private struct Profile: Encodable {
        let profile: String?
        let variables: [Variable]
    }

    private struct Variable: Encodable {
        let name: String
        let isSet: Bool
        let origin: String
        let value: String?
        let settings: [Setting]
    }

    private struct Setting: Encodable {
        let path: String
        let file: String?
        let line: Int?
        let column: Int?
    }

    /// The list for programs: `{"profiles":[…],"unread":[…],"diagnostics":[…]}`.
    func json(_ findings: [Diagnostic]) -> String {
        let profiles = inventories.map { inventory in
            let variables = [profile(inventory)].compactMap(\.self) + inventory.variables
            return Profile(profile: inventory.profile, variables: variables.map(Self.variable))
        }
        let document = Document(profiles: profiles, unread: unread, diagnostics: JSONDiagnostics(findings).diagnostics)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func variable(_ variable: ReadVariable) -> Variable {
        let (origin, value): (String, String?) =
            switch variable.origin {
            case .environment: ("environment", variable.shownValue)
            case .ignored: ("ignored", variable.shownValue)
            case .file(let text): ("file", variable.shown(text))
            case .unset: ("unset", nil)
            case .missing: ("missing", nil)
            }
        let settings = variable.uses.map { use in
            let file: String? = use.place.flatMap { if case .file(let path) = $0.origin { path } else { nil } }
            return Setting(path: use.setting, file: file, line: use.place?.line, column: use.place?.column)
        }
        return Variable(name: variable.name, isSet: variable.value != nil, origin: origin, value: value, settings: settings)
    }
}
