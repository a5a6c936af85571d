import Foundation

// RegistryTool OUTPUT FILE...: writes the list of the module types that the Swift files declare.

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
    FileHandle.standardError.write(Data("usage: RegistryTool OUTPUT FILE...\n".utf8))
    exit(2)
}
do {
    let found = try arguments.dropFirst().flatMap { path in
        ModuleScanner.modules(in: try String(contentsOfFile: path, encoding: .utf8), path: path)
    }
    let problems = found.compactMap(\.problem)
    guard problems.isEmpty else {
        FileHandle.standardError.write(Data(problems.map { $0 + "\n" }.joined().utf8))
        exit(1)
    }
    try ModuleList.text(found).write(toFile: output, atomically: true, encoding: .utf8)
} catch {
    FileHandle.standardError.write(Data("RegistryTool: cannot list the modules under Plugins/: \(error)\n".utf8))
    exit(1)
}
