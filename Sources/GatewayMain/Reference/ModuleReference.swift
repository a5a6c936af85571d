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

    /// Describes a module; `others` are those that may provide what it needs.
    init(type: any Module.Type, among others: [any Module.Type] = []) {
        name = type.name
        summary = type.summary
        stages = Stage.allCases.filter { $0.isServed(by: type) }
        canObserve = type.canObserve
        takesRawMessages = type is any FrameStage.Type
        schema = Self.schema(of: type)
        settings = SettingReference.list(schema)
        providers = others.filter { !Set($0.provides).isDisjoint(with: type.requires) }.map { ModuleReference(type: $0) }
    }

    private static func schema<M: Module>(of type: M.Type) -> SettingSchema { M.Settings.schema }

    /// The stages, joined by commas.
    var stageText: String { stages.map(\.rawValue).joined(separator: ", ") }

    /// A configuration that names the module, with the default of every key, and what provides what it needs.
    var example: String {
        let all = providers + [self]
        let lists = all.map(\.list)
        let settings = all.map(\.block).filter { !$0.isEmpty }
        return "pipeline:\n" + lists.joined(separator: "\n") + (settings.isEmpty ? "" : "\nmodules:\n" + settings.joined(separator: "\n"))
    }

    /// The line of the pipeline.
    private var list: String {
        let stage = stages.first ?? .route
        return "  \(stage.rawValue): \(stage == .pubsub ? name : "[\(name)]")"
    }

    /// The settings, with their key.
    private var block: String {
        settings.isEmpty ? "" : "  \(name):\n" + SettingsExample.lines(schema, of: name).map { "    \($0)" }.joined(separator: "\n")
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
