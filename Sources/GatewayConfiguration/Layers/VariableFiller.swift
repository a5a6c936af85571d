import GatewayKit

/// Fills variables into the scalars of a tree.
struct VariableFiller {
    /// The largest file that `${file:PATH}` reads.
    static let maxFileSize = 64 << 10

    let environment: [String: String]
    let baseFolder: String
    private(set) var diagnostics: [Diagnostic] = []
    /// The places of the values that could not be filled in.
    private(set) var unfilled: [SourcePlace] = []
    /// How the text of each template came out, so that a value is looked up once.
    private var filled: [SourcePlace: String?] = [:]
    /// The variables without a value, by the place of the text that names them.
    private var unset: [SourcePlace: [String]] = [:]
    private let severityOfUnset: Diagnostic.Severity

    /// Makes a filler; where unset variables are allowed, they are warnings.
    init(environment: [String: String], baseFolder: String, allowsUnset: Bool = false) {
        self.environment = environment
        self.baseFolder = baseFolder
        severityOfUnset = allowsUnset ? .warning : .error
    }

    /// Fills in the variables of a tree.
    ///
    /// Values of the environment and of `--set` are taken as they are.
    ///
    /// - Parameters:
    ///   - node: The tree.
    ///   - path: Where it stands, for messages.
    /// - Returns: The tree; what could not be filled in stays as it was.
    mutating func fill(_ node: ConfigurationNode, _ path: [String]) -> ConfigurationNode {
        var node = node
        switch node.content {
        case .scalar(let text, _):
            guard case .file = node.place.origin, !node.isFilled, VariableTemplate.isTemplate(text) else { return node }
            guard let value = value(of: text, at: node.place, path) else {
                node.unset = unset[node.place] ?? []
                return node
            }
            node.content = .scalar(value, isPlain: false)
            node.isFilled = true
            node.template = text
        case .sequence(let elements):
            var index = -1
            node.content = .sequence(
                elements.map { element in
                    index += 1
                    return fill(element, path + ["[\(index)]"])
                })
        case .mapping(var entries):
            for index in entries.indices { entries[index].value = fill(entries[index].value, path + [entries[index].key]) }
            node.content = .mapping(entries)
        }
        return node
    }

    private mutating func value(of text: String, at place: SourcePlace, _ path: [String]) -> String? {
        if let known = filled[place] { return known }
        let value = fresh(text, at: place, path)
        filled[place] = .some(value)
        if value == nil { unfilled.append(place) }
        return value
    }

    private mutating func fresh(_ text: String, at place: SourcePlace, _ path: [String]) -> String? {
        do throws(VariableTemplate.Failure) {
            var isGood = true
            var value = ""
            for part in try VariableTemplate(text).parts {
                let next = resolve(part, of: text, at: place, path)
                isGood = isGood && next != nil
                value += next ?? ""
            }
            return isGood ? value : nil
        } catch {
            diagnostics.append(Diagnostic(.error, .invalidValue, "\(pathText(path)): \(error.message)", at: place, help: error.help))
            return nil
        }
    }

    private mutating func resolve(_ part: VariableTemplate.Part, of text: String, at place: SourcePlace, _ path: [String]) -> String? {
        switch part {
        case .text(let text): return text
        case .file(let file): return contents(of: file, at: place, path)
        case .variable(let name, let ifUnset):
            let value = environment[name]
            switch ifUnset {
            case .fails:
                if let value { return value }
                let help = "set it, write ${\(name):-default}, or read a file with ${file:PATH}"
                missing(name, "\(name) is not set and has no default", help: help, in: text, at: place)
                return nil
            case .standsIn(let text): return value.flatMap { $0.isEmpty ? nil : $0 } ?? text
            case .says(let why):
                if let value, !value.isEmpty { return value }
                let what = value == nil ? "\(name) is not set" : "\(name) is empty"
                missing(name, what, help: why.isEmpty ? "set \(name) in the environment" : why, in: text, at: place)
                return nil
            }
        }
    }

    /// Where a variable stands in a value; the place of the whole value where line ends or escapes hide that.
    static func place(of name: String, in text: String, at place: SourcePlace) -> SourcePlace {
        let start = "${\(name)"
        let range = text.ranges(of: start).first { text[$0.upperBound...].hasPrefix(":") || text[$0.upperBound...].hasPrefix("}") }
        let scalars = text.unicodeScalars
        let quotes = place.length - scalars.count
        guard let range, quotes == 0 || quotes == 2 else { return place }
        let column = place.column + quotes / 2 + scalars.distance(from: text.startIndex, to: range.lowerBound)
        return SourcePlace(place.origin, line: place.line, column: column, length: start.count, profile: place.profile)
    }

    private mutating func missing(_ name: String, _ message: String, help: String, in text: String, at place: SourcePlace) {
        unset[place, default: []].append(name)
        let near = NameSuggestion.nearest(to: name, in: environment.keys.filter { !$0.isEmpty && $0 != name }.sorted())
        let notes = near.map { [Diagnostic.Note("the environment has \($0)")] } ?? []
        let own = Self.place(of: name, in: text, at: place)
        diagnostics.append(Diagnostic(severityOfUnset, .unsetVariable, message, at: own, notes: notes, help: help))
    }

    private mutating func contents(of file: String, at place: SourcePlace, _ path: [String]) -> String? {
        let absolute = file.hasPrefix("/") ? file : "\(baseFolder)/\(file)"
        let failure: String
        do throws(FileReader.Failure) {
            var bytes = try FileReader.read(absolute, limit: Self.maxFileSize, isRegular: true)
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            failure = "it is not UTF-8"
        } catch {
            failure = if case .tooLong = error { "it is longer than 64KiB" } else { error.text }
        }
        diagnostics.append(
            Diagnostic(
                .error, .unreadableFile, "\(pathText(path)): cannot read \(file): \(failure)", at: place,
                help: file.hasPrefix("/")
                    ? "name a file that this user may read" : "relative paths start at the folder of the configuration file"))
        return nil
    }

    private func pathText(_ path: [String]) -> String { SettingsDecoder(baseFolder: baseFolder, path: path).pathText }
}
