/// The name of a plugin: its type in UpperCamelCase, and its key in gateway.yaml.
struct PluginName: Equatable {
    /// The type, the folder and the file: `IPAllowList`.
    let type: String
    /// What gateway.yaml calls it: `ip_allow_list`.
    let key: String

    /// The longest type: so that no line of a template goes over the 140 columns of the house style.
    static let maxLength = 40

    /// Words that gateway.yaml would not take for a name, or Swift not for a type of one's own.
    private static let reserved: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "any", "self", "type", "protocol",
    ]

    /// How words are written that are not simply capitalized: those of the house style and of addresses.
    private static let spellings = [
        "ip": "IP", "ipv4": "IPv4", "ipv6": "IPv6", "jwt": "JWT", "url": "URL", "http": "HTTP", "api": "API", "tls": "TLS", "json": "JSON",
        "id": "ID", "oauth": "OAuth", "oauth2": "OAuth2",
    ]

    /// Reads a name.
    ///
    /// - Parameter text: The type; or what becomes it, as `quiet_hours`, `quiet-hours` and `quietHours` do.
    /// - Throws: What is wrong with it, and a name to write instead.
    init(_ text: String) throws(CommandFailure) {
        let shown = "'\(TerminalText.escaped(String(text.prefix(Self.maxLength + 1))))'"
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || [UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
        }
        let words = text.split { $0 == "_" || $0 == "-" }.map(String.init)
        guard isPlain, let first = words.first?.first, first.isLetter else {
            throw CommandFailure(
                "\(shown) is no name for a Swift type", help: "use letters and digits of ASCII, a letter first: QuietHours")
        }
        let type = words.map(Self.capitalized).joined()
        guard type.utf8.count <= Self.maxLength else {
            throw CommandFailure("\(shown)… is too long for a name", help: "use at most \(Self.maxLength) letters")
        }
        guard !Self.reserved.contains(type.lowercased()) else {
            throw CommandFailure("\(shown) is a word of Swift or of YAML", help: "say what the module does: \(type)Filter")
        }
        self.type = type
        key = Self.snakeCase(type)
    }

    /// A word whose capitals are somebody's choice keeps them.
    private static func capitalized(_ word: String) -> String {
        if word == word.lowercased(), let spelling = spellings[word] { return spelling }
        return word.prefix(1).uppercased() + word.dropFirst()
    }

    /// The name as the built-in modules write theirs: `IPCap` is `ip_cap`, `JWT` is `jwt`.
    private static func snakeCase(_ type: String) -> String {
        // The small letter of such a word begins none.
        let even = spellings.values.filter { $0 != $0.uppercased() }.sorted { $0.count > $1.count }.reduce(type) { text, spelling in
            text.replacing(spelling, with: spelling.prefix(1) + spelling.dropFirst().lowercased())
        }
        let letters = Array(even)
        return letters.indices.reduce(into: "") { key, index in
            let isStart = letters[index].isUppercase
            let follows = index > 0 && !letters[index - 1].isUppercase
            let leads = letters[index...].dropFirst().first?.isLowercase == true
            if isStart, index > 0, follows || leads { key += "_" }
            key += letters[index].lowercased()
        }
    }
}
