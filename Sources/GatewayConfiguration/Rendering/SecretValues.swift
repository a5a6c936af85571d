/// Finds secrets among what libyaml reads: what stands under a key that is, or sounds like, a secret's.
struct SecretValues {
    private struct Frame {
        let isMapping: Bool
        let isSecret: Bool
        /// Whether the key at hand is a secret's; nil where a key comes next.
        var isSecretKey: Bool?
    }

    private let keys: SecretKeys
    /// By line from 1: columns from 0, in order.
    private(set) var ranges: [Int: [Range<Int>]] = [:]
    private var frames: [Frame] = []

    /// Reads a file; nil where libyaml cannot, or would take long over it: to open a bracket costs it more the deeper it stands.
    init?(_ source: SourceText) {
        keys = source.secretKeys
        var isTooDeep = false
        let failure = YAMLParser.parse(source.bytes) { event in
            add(event)
            isTooDeep = frames.count > YAMLReader.maxDepth
            return !isTooDeep
        }
        if failure != nil || isTooDeep { return nil }
    }

    private mutating func add(_ event: YAMLEvent) {
        switch event.kind {
        case .documentStart, .documentEnd: break
        case .collectionEnd: _ = frames.popLast()
        case .alias: _ = take(event, nil, .plain)
        case .scalar(let text, let style): _ = take(event, text, style)
        case .sequenceStart: frames.append(Frame(isMapping: false, isSecret: take(event, nil, nil)))
        case .mappingStart: frames.append(Frame(isMapping: true, isSecret: take(event, nil, nil)))
        }
    }

    /// Takes a key or a value; answers whether it is secret.
    private mutating func take(_ event: YAMLEvent, _ text: String?, _ style: YAMLEvent.ScalarStyle?) -> Bool {
        let index = frames.indices.last
        let isKey = index.map { frames[$0].isMapping && frames[$0].isSecretKey == nil } ?? false
        let isSecret = index.map { frames[$0].isSecret || (frames[$0].isMapping && frames[$0].isSecretKey == true) } ?? false
        if let index, frames[index].isMapping { frames[index].isSecretKey = isKey ? isSecret || text.map(keys.contains) ?? false : nil }
        if let style {
            if isSecret {
                let isHarmless = text.map { $0.isEmpty || style == .plain && ["null", "~", "true", "false"].contains($0) } ?? false
                if !isHarmless { mark(event.start, event.end, style) }
            } else if style == .plain, let text, let colon = text.firstIndex(of: ":"), keys.contains(String(text[..<colon])) {
                // `secret:hunter2` is one word.
                let start = YAMLMark(line: event.start.line, column: event.start.column + text[...colon].unicodeScalars.count)
                mark(start, event.end, style)
            } else if index == nil, let text, let colon = text.firstIndex(of: ":"), keys.contains(String(text[..<colon])) {
                mark(event.start, event.end, style)
            }
        }
        return isSecret
    }

    private mutating func mark(_ start: YAMLMark, _ end: YAMLMark, _ style: YAMLEvent.ScalarStyle) {
        // The text of a block starts a line below its | or >.
        let start = style == .block ? YAMLMark(line: start.line + 1, column: 0) : start
        guard start.line <= end.line else { return }
        for line in start.line...end.line {
            let lower = line == start.line ? start.column : 0
            let upper = line == end.line ? end.column : Int.max
            if lower < upper { ranges[line + 1, default: []].append(lower..<upper) }
        }
    }
}
