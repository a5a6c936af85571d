import GatewayKit

/// Findings of several passes over the same text, each told once.
struct Findings {
    /// A place without its length.
    struct Spot: Hashable {
        let origin: SourcePlace.Origin
        let line: Int
        let column: Int

        init(_ place: SourcePlace) {
            origin = place.origin
            line = place.line
            column = place.column
        }
    }

    private struct Key: Hashable {
        let spot: Spot
        let code: DiagnosticCode
        let message: String
    }

    private var diagnostics: [Diagnostic] = []
    private var known: [Key: Int] = [:]
    private var blocked: Set<Spot> = []

    /// Whether there is an error.
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Adds what is new; nothing where an earlier pass found the value unreadable.
    ///
    /// An error takes the place of the same warning.
    mutating func add(_ more: [Diagnostic]) {
        for diagnostic in more where !blocked.contains(Spot(diagnostic.place)) {
            let key = Key(spot: Spot(diagnostic.place), code: diagnostic.code, message: diagnostic.message)
            if let index = known[key] {
                if diagnostic.severity == .error { diagnostics[index] = diagnostic }
            } else {
                known[key] = diagnostics.count
                diagnostics.append(diagnostic)
            }
        }
    }

    /// Adds findings about values that no later pass can say anything sensible about.
    ///
    /// - Parameters:
    ///   - more: The findings.
    ///   - places: Where the values stand, if not where their findings do.
    mutating func block(_ more: [Diagnostic], at places: [SourcePlace] = []) {
        add(more)
        blocked.formUnion((more.filter { $0.severity == .error }.map(\.place) + places).map { Spot($0) })
    }

    /// The findings by place: the file's first, then the environment's, then those of options.
    func sorted(_ source: SourceText?) -> [Diagnostic] {
        func rank(_ origin: SourcePlace.Origin) -> (Int, String) {
            switch origin {
            case .file: (0, "")
            case .environment(let name): (1, name)
            case .commandLine(let option): (2, option)
            }
        }
        var lines = source.map { LineCache($0) }
        return diagnostics.enumerated().sorted { left, right in
            let (a, b) = (left.element.place, right.element.place)
            if rank(a.origin) != rank(b.origin) { return rank(a.origin) < rank(b.origin) }
            return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
        }.map { SuspiciousCharacters.noted($0.element, &lines) }
    }
}
