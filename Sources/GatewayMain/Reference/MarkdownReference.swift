import GatewayKit
import GatewayServer

/// The reference of all settings as Markdown: the part of docs/configuration.md that is generated.
struct MarkdownReference {
    /// The modules to tell of.
    let modules: [any Module.Type]

    /// The tables of the core's keys, then a section for each module.
    var text: String {
        var parts = ["## Settings of the core"]
        guard case .mapping(let keys) = CoreSettings.schema else { return "" }
        for key in keys {
            parts.append("### `\(key.name)`\n\n\(key.documentation)")
            parts.append(Self.table(SettingReference.list(key.schema)))
        }
        parts.append("## Settings of every module\n\nThey stand beside the module's own keys.")
        parts.append(Self.table(SettingReference.common(observing: true)))
        parts.append("`mode` exists for the modules that say so below.")
        parts.append("## Modules")
        parts += modules.map { Self.section(ModuleReference(type: $0, among: modules)) }
        return parts.joined(separator: "\n\n")
    }

    private static func section(_ module: ModuleReference) -> String {
        let stage = "Stage: \(module.stageText).\(module.canObserve ? " `mode: observe` is possible." : "")"
        let settings = module.settings.isEmpty ? "No settings of its own." : table(module.settings)
        return "### `\(module.name)`\n\n\(module.summary)\n\n\(stage)\n\n\(settings)\n\n```yaml\n\(module.example)\n```"
    }

    private static func table(_ settings: [SettingReference]) -> String {
        let head = "| key | type | default | range | environment | meaning |\n| --- | --- | --- | --- | --- | --- |"
        return ([head] + settings.map(row)).joined(separator: "\n")
    }

    private static func row(_ setting: SettingReference) -> String {
        let cells = [
            "`\(setting.path)`", plain(setting.type), setting.isRequired ? "required" : setting.defaultText.map { "`\($0)`" } ?? "",
            setting.range ?? "", setting.environment.map(setting.environmentText) ?? "", plain(setting.documentation),
        ]
        return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }

    /// Text without the characters that Markdown takes for its own.
    private static func plain(_ text: String) -> String {
        text.replacing("<", with: "&lt;").replacing("*", with: "\\*").replacing("_", with: "\\_")
    }
}
