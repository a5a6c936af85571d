/// A small module that does something useful: what a plugin of a stage begins as.
protocol PluginTemplate {
    /// What the plugin is called.
    var name: PluginName { get }
    /// What the module does, to be read behind its name.
    var purpose: String { get }
    /// The text of `Plugins/NAME/NAME.swift`.
    var module: String { get }
    /// The text of `Tests/PluginTests/NAMETests.swift`.
    var test: String { get }
    /// Its settings in gateway.yaml, as a mapping in braces.
    var settings: String { get }
    /// Whether it stands before the modules that the list has already.
    var comesFirst: Bool { get }
    /// What one has to know beside that to use it.
    var note: String? { get }
}

extension PluginTemplate {
    var comesFirst: Bool { false }
    var note: String? { nil }

    var type: String { name.type }
    var key: String { name.key }
}
