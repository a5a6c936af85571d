/// A type that a file declares as a module.
struct FoundModule: Equatable {
    /// The name with the types around it: `Chat.Filter`.
    let name: String
    /// Why the list cannot name it, in the form of a compiler's error; nil where it can.
    let problem: String?
}

/// Finds the modules that a Swift file declares.
///
/// A module is a type whose declaration, or an extension of it, names `Module`, `EventHooks` or one of the stage protocols. Nothing has to be
/// registered by hand.
struct ModuleScanner {
    static let protocols: Set<String> = [
        "Module", "AcceptStage", "HandshakeStage", "AuthStage", "RouteStage", "FrameStage", "DeliverStage", "PubSubAdapter",
        "HTTPModule", "EventHooks",
    ]

    private struct Scope {
        /// The type's name; nil for the body of a function and the like, whose types nobody else can name.
        let name: String?
        let isHidden: Bool
    }

    private let path: String
    private var tokens: ArraySlice<SwiftToken>
    private var scopes: [Scope] = []
    private var found: [FoundModule] = []
    /// The words since the last brace: the modifiers of a declaration are among them.
    private var words: [String] = []

    /// The modules of a file's text, in the order of their declarations.
    static func modules(in text: String, path: String) -> [FoundModule] {
        let tokens = SwiftToken.list(text)
        var scanner = ModuleScanner(path: path, tokens: tokens[...])
        scanner.scan()
        let importsKit = zip(tokens, tokens.dropFirst()).contains { $0.text == "import" && $1.text == "GatewayKit" }
        guard !importsKit, let first = scanner.found.first else { return scanner.found }
        let problem = "\(path):1: error: '\(first.name)' is a module, and a module needs `import GatewayKit`"
        return [FoundModule(name: first.name, problem: problem)]
    }

    private init(path: String, tokens: ArraySlice<SwiftToken>) {
        self.path = path
        self.tokens = tokens
    }

    private mutating func scan() {
        while let token = tokens.popFirst() {
            switch token.text {
            case "struct", "class", "actor", "enum", "extension", "protocol":
                // `import struct Foundation.Date` declares nothing.
                if words.last == "import" { words.append(token.text) } else { declaration(token) }
            case "{": open(Scope(name: nil, isHidden: false))
            case "}":
                _ = scopes.popLast()
                words = []
            default:
                // `private func f()` says nothing of the type on the next line.
                if ["func", "var", "let", "init", "case", "import", "typealias"].contains(token.text) { words = [] }
                words.append(token.text)
            }
        }
    }

    private mutating func open(_ scope: Scope) {
        scopes.append(scope)
        words = []
    }

    private mutating func declaration(_ keyword: SwiftToken) {
        let isHidden = words.contains("private") || words.contains("fileprivate")
        // `class func` and `x.self.class` are no declarations.
        guard let first = tokens.first, first.isName, !["func", "var", "let", "subscript"].contains(first.text) else { return }
        var name = tokens.removeFirst().text
        while tokens.first?.text == ".", let part = tokens.dropFirst().first, part.isName {
            tokens.removeFirst(2)
            name += "." + part.text
        }
        let head = Array(tokens.prefix { $0.text != "{" && $0.text != "}" })
        guard tokens.dropFirst(head.count).first?.text == "{" else { return }
        tokens.removeFirst(head.count + 1)
        if keyword.text != "protocol", conformances(head).contains(where: Self.protocols.contains) {
            let isGeneric = head.first?.text == "<"
            report(name, line: keyword.line, isHidden: isHidden, isGeneric: isGeneric)
        }
        open(Scope(name: name, isHidden: isHidden))
    }

    /// The names behind the colon, up to a `where`.
    private func conformances(_ head: [SwiftToken]) -> [String] {
        var depth = 0
        let head = head.prefix { $0.text != "where" }
        let colon = head.firstIndex { token in
            depth += token.text == "<" ? 1 : token.text == ">" ? -1 : 0
            return depth == 0 && token.text == ":"
        }
        guard let colon else { return [] }
        return head[colon...].map(\.text)
    }

    private mutating func report(_ name: String, line: Int, isHidden: Bool, isGeneric: Bool) {
        guard !scopes.contains(where: { $0.name == nil }) else { return }
        let full = (scopes.compactMap(\.name) + [name]).joined(separator: ".")
        var problem: String?
        if isHidden || scopes.contains(where: \.isHidden) {
            problem = "\(path):\(line): error: the module '\(full)' is private, so gateway.yaml could not name it; drop the word"
        } else if isGeneric {
            problem = "\(path):\(line): error: the module '\(full)' is generic; a module is one type"
        }
        found.append(FoundModule(name: full, problem: problem))
    }
}
