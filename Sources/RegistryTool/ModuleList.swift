/// The Swift file that lists modules.
enum ModuleList {
    /// The file's text; modules by name, each once.
    static func text(_ modules: [FoundModule]) -> String {
        let list = Set(modules.map(\.name)).sorted().map { "    \($0).self,\n" }.joined()
        return """
            import GatewayKit

            /// Every module type found under Plugins/, by name; written by RegistryTool at every build.
            public let compiledPlugins: [any Module.Type] = [
            \(list)]

            """
    }
}
