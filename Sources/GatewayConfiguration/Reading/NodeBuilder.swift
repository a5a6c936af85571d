import GatewayKit

/// Makes nodes of events, and refuses what makes YAML mean something else than it seems to.
struct NodeBuilder {
    let source: SourceText
    /// The node at the top, once its last event has come.
    private(set) var root: ConfigurationNode?
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether something was found that makes the rest unreadable.
    private(set) var isStopped = false
    /// The last quoted text that goes over several lines: often a quote that somebody forgot to close.
    private(set) var lastQuoted: (start: YAMLMark, end: YAMLMark)?
    private lazy var mask = SecretMask.rough(source)
    private lazy var lines = LineCache(source)
    private var frames: [Frame] = []
    private var documents = 0
    private var nodes = 0

    init(source: SourceText) { self.source = source }

    /// The brackets that are open, the innermost last.
    var openBrackets: [YAMLMark] {
        frames.filter(\.isFlow).map { YAMLMark(line: $0.place.line - 1, column: $0.place.column - 1) }
    }

    /// A mapping or list that is not at its end.
    private struct Frame {
        var isMapping: Bool
        var isFlow: Bool
        var place: SourcePlace
        var entries: [ConfigurationNode.Entry] = []
        var elements: [ConfigurationNode] = []
        var key: (text: String, place: SourcePlace, isKept: Bool)?
        var seen: [String: SourcePlace] = [:]
        var folded: [String: String] = [:]
    }

    /// Takes an event; answers whether to go on.
    mutating func add(_ event: YAMLEvent) -> Bool {
        nodes += 1
        if nodes > YAMLReader.maxNodes { return stop(.tooLong, "the file has more than \(YAMLReader.maxNodes) values", at: place(event)) }
        if diagnostics.count > YAMLReader.maxErrors {
            return stop(.tooLong, "more than \(YAMLReader.maxErrors) findings: the rest is not read", at: place(event))
        }
        checkProperties(event)
        switch event.kind {
        case .documentStart:
            documents += 1
            if documents > 1 {
                let help = "keep one document; what differs between environments goes under `profiles:`"
                return stop(.secondDocument, "a second document starts here", at: place(event.start, length: 3), help: help)
            }
        case .documentEnd: break
        case .alias(let name): alias(name, event)
        case .scalar(let text, let style): return scalar(text, style, event)
        case .sequenceStart(let isFlow): return open(Frame(isMapping: false, isFlow: isFlow, place: place(event)), event)
        case .mappingStart(let isFlow): return open(Frame(isMapping: true, isFlow: isFlow, place: place(event)), event)
        case .collectionEnd: close(event)
        }
        return !isStopped
    }

    private mutating func scalar(_ text: String, _ style: YAMLEvent.ScalarStyle, _ event: YAMLEvent) -> Bool {
        let place = place(event)
        if style == .quoted, event.end.line > event.start.line { lastQuoted = (event.start, event.end) }
        if expectsKey { return key(text, isPlain: style == .plain, at: place) }
        var node = ConfigurationNode(.scalar(text, isPlain: style == .plain), at: place)
        node.isBlock = style == .block
        if text.utf8.count > YAMLReader.maxScalarSize {
            report(.tooLong, "the value is longer than 64KiB", at: place, help: "put it into a file of its own: ${file:PATH}")
            node.content = .scalar("", isPlain: true)
        }
        append(node)
        return true
    }

    private mutating func key(_ text: String, isPlain: Bool, at place: SourcePlace) -> Bool {
        if text.isEmpty { return stop(.syntax, "the key before the colon is missing", at: place) }
        var isKept = false
        if isPlain, text == "<<" {
            report(.anchor, "merge keys are not read", at: place, help: "write the keys out, or put them into a profile with `extends:`")
        } else if let first = frames[frames.count - 1].seen[text] {
            report(
                .duplicateKey, "'\(SecretName.shown(text))' is set twice \(owner)", at: place, label: "set again here",
                notes: [.init("first set", at: first)], help: "keep one, and put into it what stands under both")
        } else {
            isKept = true
            remember(text, at: place)
        }
        frames[frames.count - 1].key = (text, place, isKept)
        return true
    }

    private mutating func remember(_ key: String, at place: SourcePlace) {
        let folded = key.lowercased().replacing("-", with: "_")
        let index = frames.count - 1
        if let other = frames[index].folded[folded], let first = frames[index].seen[other] {
            let message = "'\(SecretName.shown(key))' and '\(SecretName.shown(other))' differ only in case or in - and _"
            diagnostics.append(Diagnostic(.warning, .duplicateKey, message, at: place, notes: [.init("the other one is", at: first)]))
        }
        frames[index].seen[key] = place
        frames[index].folded[folded] = key
    }

    private mutating func alias(_ name: String, _ event: YAMLEvent) {
        let text = mask.hides(event.start.line + 1, event.start.column..<event.end.column) ? "***" : "*\(name.prefix(60))"
        let help = "write \"\(text)\" in quotes where it is text; what is used twice goes into a profile with `extends:`"
        report(.anchor, "'\(text)' is a YAML alias, which is not read", at: place(event), help: help)
        if expectsKey {
            frames[frames.count - 1].key = (name, place(event), false)
        } else {
            append(ConfigurationNode(.scalar("", isPlain: true), at: place(event)))
        }
    }

    /// Refuses anchors and tags; the value itself is read on.
    private mutating func checkProperties(_ event: YAMLEvent) {
        guard event.anchor != nil || event.tag != nil else { return }
        let word = lines.line(event.start.line + 1).dropFirst(event.start.column).prefix { !" \t,[]{}".unicodeScalars.contains($0) }
        let place = place(event.start, length: word.count)
        let isHidden = mask.hides(event.start.line + 1, word.startIndex..<word.endIndex)
        if let anchor = event.anchor {
            let help = "delete it; what is used twice goes into a profile with `extends:`"
            report(.anchor, "'&\(isHidden ? "***" : String(anchor.prefix(60)))' is a YAML anchor, which is not read", at: place, help: help)
        } else {
            let text = isHidden ? "***" : String(URLLogin.hidden(String(String.UnicodeScalarView(word))).prefix(60))
            report(
                .tag, "'\(text)' is a YAML tag, which is not read", at: place,
                help: "delete it; a variable is written ${NAME}, text in quotes")
        }
    }
}

extension NodeBuilder {
    private mutating func open(_ frame: Frame, _ event: YAMLEvent) -> Bool {
        if expectsKey {
            let isTemplate = source.line(event.start.line + 1).dropFirst(event.start.column).first == "{"
            let help = isTemplate ? "a variable is written ${NAME}; text with braces goes in quotes" : "put it in quotes where it is text"
            return stop(.syntax, "a key must be one word, not a \(frame.isMapping ? "mapping" : "list")", at: place(event), help: help)
        }
        guard frames.count < YAMLReader.maxDepth else {
            return stop(.tooDeep, "more than \(YAMLReader.maxDepth) levels inside each other", at: place(event))
        }
        frames.append(frame)
        return true
    }

    private mutating func close(_ event: YAMLEvent) {
        guard let frame = frames.popLast() else { return }
        var place = frame.place
        if frame.isFlow, event.end.line == frame.place.line - 1 {
            place = self.place(YAMLMark(line: place.line - 1, column: place.column - 1), length: event.end.column - place.column + 1)
        } else if let first = frame.entries.first {
            place = self.place(YAMLMark(line: place.line - 1, column: place.column - 1), length: frame.isFlow ? 1 : first.keyPlace.length)
        }
        append(ConfigurationNode(frame.isMapping ? .mapping(frame.entries) : .sequence(frame.elements), at: place))
    }

    private mutating func append(_ node: ConfigurationNode) {
        guard let index = frames.indices.last else {
            root = root ?? node
            return
        }
        guard frames[index].isMapping else { return frames[index].elements.append(node) }
        guard let key = frames[index].key else { return }
        frames[index].key = nil
        if key.isKept { frames[index].entries.append(.init(key: key.text, keyPlace: key.place, value: node)) }
    }

    /// Whether the next value is a key.
    ///
    /// No copy of a frame may be alive while one changes, or its keys are copied too.
    private var expectsKey: Bool { frames.last.map { $0.isMapping && $0.key == nil } ?? false }

    /// Where the key at hand stands, in words.
    private var owner: String {
        var path = ""
        for frame in frames.dropLast() {
            if !frame.isMapping {
                path += "[\(frame.elements.count)]"
            } else if let key = frame.key {
                path += (path.isEmpty ? "" : ".") + key.text
            }
        }
        return path.isEmpty ? "at the top of the file" : "in \(path)"
    }

    private func place(_ event: YAMLEvent) -> SourcePlace {
        if event.start.line == event.end.line { return place(event.start, length: event.end.column - event.start.column) }
        // Over several lines the caret stays on the first.
        let line = source.line(event.start.line + 1)
        let end = line.lastIndex { $0 != " " && $0 != "\t" }.map { $0 + 1 } ?? 0
        return place(event.start, length: end - event.start.column)
    }

    private func place(_ mark: YAMLMark, length: Int) -> SourcePlace {
        SourcePlace(.file(source.file), line: mark.line + 1, column: mark.column + 1, length: length)
    }

    private mutating func report(
        _ code: DiagnosticCode, _ message: String, at place: SourcePlace, label: String? = nil, notes: [Diagnostic.Note] = [],
        help: String? = nil
    ) {
        diagnostics.append(Diagnostic(.error, code, message, at: place, label: label, notes: notes, help: help))
    }

    private mutating func stop(_ code: DiagnosticCode, _ message: String, at place: SourcePlace, help: String? = nil) -> Bool {
        report(code, message, at: place, help: help)
        isStopped = true
        return false
    }
}
