package import GatewayKit

/// What gateway.yaml may say, as JSON Schema: for editors, which complete and check it while somebody types.
///
/// It knows keys, types, choices, ranges of numbers and the modules that fit a stage. What goes together, what variables hold and what
/// files hold is left to ``ConfigurationLoader``; whatever that takes, the schema takes too.
package struct ConfigurationSchema: Sendable {
    /// The schema; the same settings and modules give the same text.
    package let text: String

    /// Describes a file.
    ///
    /// - Parameters:
    ///   - core: The type of the gateway's own settings.
    ///   - modules: The module types that are compiled in.
    package init<Core: Settings>(_ core: Core.Type, modules: [any Module.Type]) {
        guard case .mapping(let keys) = Core.schema else {
            text = "{}"
            return
        }
        let layer = Self.layer(keys)
        let top: [(name: String, value: SchemaNode)] = [("version", Self.version)] + layer + [("profiles", Self.profiles)]
        let profile = SchemaNode.mapping([("extends", Self.extends)] + layer)
        let definitions: [(name: String, value: SchemaNode)] =
            [("variable", Self.variable)] + keys.map { ($0.name, SchemaNode.setting($0)) }
            + [
                ("pipeline", Self.pipeline(modules)), ("modules", Self.modules(modules)),
                ("profile", .any([profile, .nullType])),
            ] + modules.map { (Self.key($0), Self.module($0)) }
        // Draft 7 is what the YAML servers of editors know without exception; nothing here needs a later one.
        text =
            SchemaNode.object(["$schema": .string("http://json-schema.org/draft-07/schema#"), "title": .string("gateway.yaml")])
            .merging(SchemaNode.mapping(top)).merging(.object(["definitions": .object(definitions)])).text
    }

    /// The keys that the file and a profile have in common.
    private static func layer(_ keys: [SettingSchema.Key]) -> [(name: String, value: SchemaNode)] {
        let strict = SchemaNode.object([
            "description": .string("Whether what is only doubtful elsewhere is an error: a pipeline that checks nothing."),
            "default": .bool(false),
            "anyOf": .array([.object(["type": .string("boolean")]), SchemaNode.variable, .nullType]),
        ])
        return [("strict", strict)] + (keys.map(\.name) + ["pipeline", "modules"]).map { ($0, reference($0)) }
    }

    private static func reference(_ name: String) -> SchemaNode { .object(["$ref": .string("#/definitions/\(name)")]) }

    /// The name of a module's definition; no core key has a colon.
    private static func key(_ type: any Module.Type) -> String { "module:\(type.name)" }

    private static let variable = SchemaNode.object([
        "description": .string("A text with variables: ${NAME}, ${NAME:-default}, ${NAME:?why}, ${file:PATH}."),
        "type": .string("string"), "pattern": .string("\\$\\{"),
    ])

    private static let version = SchemaNode.object([
        "description": .string("How the file is to be read."), "enum": .array([.integer(1), .null]),
    ])

    private static let extends = SchemaNode.object([
        "description": .string("The profile that this one stands on."), "type": .array([.string("string"), .string("null")]),
    ])

    private static let profiles = SchemaNode.object([
        "description": .string("What differs between environments: --profile NAME or GATEWAY_PROFILE."),
        "type": .array([.string("object"), .string("null")]), "additionalProperties": reference("profile"),
    ])
}

extension ConfigurationSchema {
    /// `pipeline:`, with the modules that fit each stage.
    private static func pipeline(_ modules: [any Module.Type]) -> SchemaNode {
        let stages = Stage.allCases.map { stage -> (name: String, value: SchemaNode) in
            let fitting = modules.filter { stage.isServed(by: $0) }.map { $0.name }
            let name = names(fitting)
            let value = stage == .pubsub ? name : .object(["type": .string("array"), "items": name, "uniqueItems": .bool(true)])
            let told = SchemaNode.object(["description": .string(stage.question)])
            return (stage.rawValue, told.merging(.any([value, .nullType])))
        }
        return .object(["description": .string("Which modules run where; the order of a list is the order of running.")])
            .merging(.any([.mapping(stages), .nullType]))
    }

    /// The names of modules and of their instances.
    private static func names(_ types: [String]) -> SchemaNode {
        guard !types.isEmpty else { return SchemaNode.variable }
        let pattern = "^(\(types.joined(separator: "|")))\(instance)$"
        return .any([
            .object(["enum": .array(types.map { .string($0) })]), .object(["type": .string("string"), "pattern": .string(pattern)]),
            SchemaNode.variable,
        ])
    }

    /// What stands behind the type in the name of an instance.
    private static let instance = "/[A-Za-z0-9_-]{1,64}"

    private static func modules(_ modules: [any Module.Type]) -> SchemaNode {
        let object = SchemaNode.object([
            "type": .string("object"),
            "properties": .object(modules.map { ($0.name, reference(key($0))) }),
            "patternProperties": .object(modules.map { ("^\($0.name)\(instance)$", reference(key($0))) }),
            "additionalProperties": .bool(false),
        ])
        return .object(["description": .string("Settings by module: TYPE, or TYPE/INSTANCE where one stands in the pipeline twice.")])
            .merging(.any([object, .nullType]))
    }

    /// A module's own settings, and those of every module.
    private static func module<M: Module>(_ type: M.Type) -> SchemaNode {
        guard case .mapping(let own) = M.Settings.schema, case .mapping(let all) = CommonModuleSettings.schema else { return .nullType }
        let common = all.filter { key in !own.contains { $0.name == key.name } && (key.name != "mode" || M.canObserve) }
        return .object(["description": .string(M.summary)]).merging(.any([.settings(own + common), .nullType]))
    }
}
