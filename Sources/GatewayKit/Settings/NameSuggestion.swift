/// Finds the name that somebody probably meant.
public enum NameSuggestion: Sendable {
    /// The nearest of the known names by edit distance, ignoring case, `_` and `-`; where none is near, the one that begins like it.
    ///
    /// - Parameters:
    ///   - name: What was written.
    ///   - known: The names that there are.
    /// - Returns: nil where no name is near, or several begin like it.
    public static func nearest(to name: String, in known: [String]) -> String? {
        let wanted = folded(name)
        guard wanted.count <= 64 else { return nil }
        let best = known.map { (name: $0, distance: distance(wanted, folded($0))) }.min { $0.distance < $1.distance }
        if let best, best.distance <= max(1, wanted.count / 3) { return best.name }
        return begun(wanted, in: known)
    }

    /// The one name that begins as the wanted one does, but for its last letter at most: `rate` and `rare` for `rate_limit`.
    private static func begun(_ wanted: [Character], in known: [String]) -> String? {
        let least = max(3, wanted.count - 1)
        let alike = known.filter { name in zip(wanted, folded(name)).prefix { $0 == $1 }.count >= least }
        return alike.count == 1 ? alike.first : nil
    }

    private static func folded(_ name: String) -> [Character] { name.lowercased().filter { $0 != "_" && $0 != "-" }.map { $0 } }

    /// Levenshtein's distance, with a swap of neighbours as one step.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var older: [Int] = []
        var old = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(old[j + 1] + 1, row[j] + 1, old[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, older[j - 1] + 1) }
                row.append(best)
            }
            (older, old) = (old, row)
        }
        return old[right.count]
    }
}
