import Foundation
import GatewayKit

/// Finds out whether a plugin's names mean something already.
struct TakenNames {
    let package: GatewayPackage
    /// The modules that are compiled in.
    let modules: [any Module.Type]

    /// Types of other packages that the code of modules and their tests names, and the packages themselves: a type of the same name in
    /// Plugins/ would be taken in their place.
    static let foreign: Set<String> = [
        "Any", "AnyObject", "Array", "Bool", "Character", "Collection", "Comparable", "CustomStringConvertible", "Dictionary", "Double",
        "Duration", "Encodable", "Equatable", "Error", "Float", "Hashable", "Identifiable", "Int", "Int64", "Never", "Optional", "Range",
        "Result", "Sendable", "Sequence", "Set", "String", "Substring", "Task", "UInt8", "UInt64", "Void",
        "ByteBuffer", "EventLoop", "EventLoopFuture", "EventLoopGroup", "EventLoopPromise", "NIODeadline", "TimeAmount",
        "Logger", "Atomic", "AtomicLazyReference", "Mutex", "Issue", "Suite", "Test", "Trait", "Data", "Date", "UUID", "FileManager",
        "Foundation", "GatewayKit", "GatewayPlugins", "GatewayTestKit", "Logging", "NIOCore", "Swift", "Synchronization", "Testing",
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
        if Self.foreign.contains(name.type) { throw Self.failure("'\(name.type)' is a name of Swift or of a library") }
        for (path, text) in package.sources(["Sources/GatewayKit", "Sources/GatewayTestKit", "Plugins", "Tests/PluginTests"]) {
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
