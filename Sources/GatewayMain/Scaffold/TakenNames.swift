import Foundation
import GatewayKit

/// Finds out whether a plugin's names mean something already.
struct TakenNames {
    let package: GatewayPackage
    /// The modules that are compiled in.
    let modules: [any Module.Type]

    /// Types of other packages that the code of modules and their tests names, the Swift modules themselves, and the list that the build
    /// makes: a type of the same name in Plugins/ would be taken in their place.
    static let foreign: Set<String> = [
        "Any", "AnyObject", "Array", "Bool", "Character", "Collection", "Comparable", "CustomStringConvertible", "Dictionary", "Double",
        "Duration", "Encodable", "Equatable", "Error", "Float", "Hashable", "Identifiable", "Int", "Int64", "Never", "Optional", "Range",
        "Result", "Sendable", "Sequence", "Set", "String", "Substring", "Task", "UInt8", "UInt64", "Void",
        "ByteBuffer", "EventLoop", "EventLoopFuture", "EventLoopGroup", "EventLoopPromise", "NIODeadline", "TimeAmount",
        "Logger", "Atomic", "AtomicLazyReference", "Mutex", "Issue", "Suite", "Test", "Trait", "Data", "Date", "UUID", "FileManager",
        "CompiledPlugins", "Foundation", "GatewayKit", "GatewayPlugins", "GatewayTestKit", "Logging", "NIOCore", "PluginTests", "Swift",
        "Synchronization", "Testing",
    ]

    /// Whether a plugin can have a name.
    ///
    /// - Throws: Whose it is.
    func check(_ name: PluginName) throws(CommandFailure) {
        if let type = modules.first(where: { $0.name == name.key }) {
            throw CommandFailure(
                "there is a module '\(name.key)' already: \(String(reflecting: type))",
                help: "choose another name; 'gateway modules' lists those that are there")
        }
        let types = [name.type, "\(name.type)Settings", "\(name.type)Tests"]
        if let type = types.first(where: Self.foreign.contains) {
            throw Self.failure("'\(type)' is a name of Swift, of a library or of the build")
        }
        for (path, text) in package.sources(["Sources/GatewayKit", "Sources/GatewayTestKit", "Plugins", "Tests/PluginTests"]) {
            // Swift takes no two files of one name in a module.
            if path.hasSuffix("/\(name.type).swift") || path.hasSuffix("/\(name.type)Tests.swift") {
                throw Self.failure("\(path) is there already")
            }
            if let type = Self.declaration(of: types, in: text) { throw Self.failure("'\(type)' is declared in \(path)") }
            if path.hasPrefix("Plugins/"), text.contains("static let name = \"\(name.key)\"") {
                throw Self.failure("there is a module '\(name.key)' already, in \(path)")
            }
        }
    }

    private static func failure(_ message: String) -> CommandFailure {
        CommandFailure(TerminalText.escaped(message), help: "choose another name")
    }

    /// The first of the types that a file declares outside of all others; nil where it declares none.
    static func declaration(of types: [String], in text: String) -> String? {
        let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        for line in text.split(whereSeparator: \.isNewline) where line.first.map({ $0.isLetter || $0 == "@" }) == true {
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "@" }
            guard let kind = words.firstIndex(where: kinds.contains), let name = words[kind...].dropFirst().first else { continue }
            if types.contains(String(name)) { return String(name) }
        }
        return nil
    }
}
