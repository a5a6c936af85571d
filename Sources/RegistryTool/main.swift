import Foundation

/// Writes the list of the module types found in the given Swift files: `RegistryTool OUTPUT FILE...`.
///
/// A module is a type whose declaration names `Module` or one of the stage protocols; nothing has to be registered by hand.

let protocols = [
    "Module", "AcceptStage", "HandshakeStage", "AuthStage", "RouteStage", "FrameStage", "DeliverStage", "PubSubAdapter", "EventHooks",
]

/// The names of the module types that one file declares.
func moduleTypes(in text: String) -> [String] {
    let code = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { line in line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? "" }
        .joined(separator: "\n")
    let declaration = /\b(?:struct|class|actor|enum)\s+([A-Za-z_][A-Za-z0-9_]*)\s*:\s*([^{]*)\{/
    return code.matches(of: declaration).compactMap { match in
        let conformances = match.2.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        return conformances.contains(where: protocols.contains) ? String(match.1) : nil
    }
}

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
    FileHandle.standardError.write(Data("usage: RegistryTool OUTPUT FILE...\n".utf8))
    exit(2)
}
do {
    var types: [String] = []
    for path in arguments.dropFirst() {
        types += moduleTypes(in: try String(contentsOfFile: path, encoding: .utf8))
    }
    let list = Set(types).sorted().map { "    \($0).self,\n" }.joined()
    let text = """
        public import GatewayKit

        /// Every module type found under Plugins/, by name. Written by RegistryTool at every build.
        public let compiledPlugins: [any Module.Type] = [
        \(list)]

        """
    try text.write(toFile: output, atomically: true, encoding: .utf8)
} catch {
    FileHandle.standardError.write(Data("RegistryTool: cannot list the modules under Plugins/: \(error)\n".utf8))
    exit(1)
}
