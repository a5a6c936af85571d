public import GatewayKit
private import Foundation

/// The `gateway` program: what an executable calls, with the modules that it adds to the built-in ones.
///
/// A program with modules of its own is three lines:
///
///     import GatewayMain
///     import MyModules
///     await GatewayMain.run(plugins: [MyModule.self])
public enum GatewayMain: Sendable {
    /// Runs the command line of this process and ends the process with its exit status.
    ///
    /// The status is 0 where all went well, 78 for errors of the configuration, 1 for everything else; for verbs that answer with it, 1 is no
    /// and 64 a command line that makes no sense.
    ///
    /// - Parameter plugins: The modules beside the built-in ones that gateway.yaml may name.
    public static func run(plugins: [any Module.Type]) async -> Never {
        let invocation = Invocation(
            modules: BuiltInModules.all + plugins, environment: ProcessInfo.processInfo.environment,
            program: CommandLine.arguments.first ?? "gateway", terminal: .process)
        exit(await invocation.run(Array(CommandLine.arguments.dropFirst())))
    }
}
