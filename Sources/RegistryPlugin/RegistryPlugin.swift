import Foundation
import PackagePlugin

/// Runs RegistryTool over the folder Plugins/ before every build of that target, so that dropping a folder in is all it takes.
@main
struct RegistryPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        guard let target = target as? SourceModuleTarget else { return [] }
        let sources = target.sourceFiles(withSuffix: ".swift").map(\.url)
        let output = context.pluginWorkDirectoryURL.appending(path: "CompiledPlugins.swift")
        return [
            .buildCommand(
                displayName: "Listing the modules under Plugins",
                executable: try context.tool(named: "RegistryTool").url,
                arguments: [output.path] + sources.map(\.path),
                inputFiles: sources,
                outputFiles: [output])
        ]
    }
}
