import GatewayConfiguration
import GatewayKit

extension ModuleCheck {
    /// What a module says of itself.
    static let declarations: [ModuleCheck] = [
        ModuleCheck("its declarations are complete") { rig in
            try requireNone(SettingsTester.defects(of: rig.setup.type, beside: rig.setup.settings))
        },
        ModuleCheck("its name is nobody else's") { rig in
            let (type, name) = (rig.setup.type, rig.setup.type.name)
            let isBuiltIn = BuiltInNames.owners[name] == String(reflecting: type)
            try require(isBuiltIn || BuiltInNames.owners[name] == nil, "a name that no built-in module has; got '\(name)'")
            try require(Stage(rawValue: name) == nil, "a name that no stage has; got '\(name)'")
            let others = rig.types.filter { $0 != type && $0.name == name }
            try require(others.isEmpty, "a name that \(others) does not have; got '\(name)'")
        },
        ModuleCheck("the example of `modules describe` is taken") { rig in
            let lines = SettingsExample.lines(schema(of: rig.setup.type), of: rig.setup.type.name)
            let names = lines.flatMap { line in line.matches(of: /\$\{([A-Za-z0-9_]+)\}/).map { String($0.1) } }
            let secrets = Dictionary(names.map { ($0, String(repeating: "s", count: 64)) }) { first, _ in first }
            let block = lines.isEmpty ? "{}" : "\n" + lines.map { "    \($0)" }.joined(separator: "\n")
            let result = rig.result(of: rig.configuration(block).text, environment: secrets)
            let errors = result.diagnostics.filter { $0.severity == .error }
            try requireNone(errors.map { "an example that is taken; got \($0.message) for\n\(lines.joined(separator: "\n"))" })
        },
        ModuleCheck("its routes are described", isFor: { $0 is any HTTPModule.Type || $0 is any AdminModule.Type }) { rig in
            let crew = try rig.make()
            let operations = (crew.routes + crew.adminRoutes).map(\.operation)
            let ids = operations.map(\.id)
            try require(Set(ids).count == ids.count, "a name of its own for each route; got \(ids)")
            try requireNone(
                operations.flatMap { operation -> [String] in
                    let isName =
                        operation.id.first?.isLowercase == true && operation.id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
                    return (isName ? [] : ["a name in camel case for a route; got '\(operation.id)'"])
                        + (operation.summary.hasSuffix(".") ? [] : ["a sentence about \(operation.id); got '\(operation.summary)'"])
                        + (operation.answers.isEmpty ? ["an answer of \(operation.id); got none"] : [])
                })
        },
    ]

    private static func schema<M: Module>(of type: M.Type) -> SettingSchema { M.Settings.schema }
}
