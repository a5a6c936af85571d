import Foundation
import GatewayConfiguration
import GatewayKit

/// What a module says of itself, for people.
struct ModuleReference: CustomStringConvertible {
    let name: String
    let summary: String
    let stages: [Stage]
    let canObserve: Bool
    /// Whether it sees raw messages, which come before authentication.
    let takesRawMessages: Bool
    /// The module's own keys, then those of the mappings in them.
    let settings: [SettingReference]
    private let schema: SettingSchema
    /// The modules that provide what it needs.
    private let providers: [ModuleReference]
    /// The other modules without which `check` would find something to say.
    private let companions: [ModuleReference]

    /// Describes a module; `others` are those that may provide what it needs.
    init(type: any Module.Type, among others: [any Module.Type] = []) {
        name = type.name
        summary = type.summary
        stages = Stage.allCases.filter { $0.isServed(by: type) }
        canObserve = type.canObserve
        takesRawMessages = type is any FrameStage.Type
        schema = Self.schema(of: type)
        settings = SettingReference.list(schema)
        let providers = others.filter { !Set($0.provides).isDisjoint(with: type.requires) }
        let isAuthenticated = ([type] + providers).contains { Stage.auth.isServed(by: $0) }
        let guards = (isAuthenticated ? nil : others.first { Stage.auth.isServed(by: $0) }, others.first { $0.name == "authorization" })
        self.providers = providers.map { ModuleReference(type: $0) }
        companions = [guards.0, guards.1].compactMap { $0 }.filter { $0.name != type.name }.map { ModuleReference(type: $0) }
    }

    private static func schema<M: Module>(of type: M.Type) -> SettingSchema { M.Settings.schema }

    /// The stages, joined by commas.
    var stageText: String { stages.map(\.rawValue).joined(separator: ", ") }

    /// A whole configuration that passes `check`: the module with the default of every key, and beside it what has to be.
    var example: String {
        let all = providers + [self] + companions
        let lists = Stage.allCases.compactMap { stage in
            let names = all.filter { $0.stages.first == stage }.map(\.name)
            return names.isEmpty ? nil : "  \(stage.rawValue): \(stage == .pubsub ? name : "[\(names.joined(separator: ", "))]")"
        }
        let settings = all.map { $0.block(isWhole: $0.name == name) }.filter { !$0.isEmpty }
        return (["version: 1", "pipeline:"] + lists + (settings.isEmpty ? [] : ["modules:"] + settings)).joined(separator: "\n")
    }

    /// The settings with their key: all, or those without which the module does not work.
    private func block(isWhole: Bool) -> String {
        let lines = SettingsExample.lines(schema, of: name, isWhole: isWhole)
        return lines.isEmpty ? "" : "  \(name):\n" + lines.map { "    \($0)" }.joined(separator: "\n")
    }

    /// The whole page.
    var description: String {
        var parts = ["\(name): \(summary)", "stage: \(stageText)"]
        parts[1] += takesRawMessages ? ": raw messages, before the gateway's own protocol and before authentication" : ""
        parts[1] += canObserve ? "\nmode: observe is possible: count and log what would be refused, and refuse nothing" : ""
        parts[1] += providers.isEmpty ? "" : "\nneeds: \(providers.map(\.name).joined(separator: ", "))"
        if settings.isEmpty {
            parts.append("It takes no settings of its own.")
        } else {
            parts.append("settings under modules.\(name):\n" + settings.map(\.description).joined(separator: "\n"))
        }
        parts.append(
            "settings that every module takes:\n"
                + SettingReference.common(observing: canObserve).map(\.description).joined(separator: "\n"))
        parts.append("example:\n" + example.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }
}
