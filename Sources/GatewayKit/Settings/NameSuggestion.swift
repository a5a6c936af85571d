/// Finds the name that somebody probably meant.
public enum NameSuggestion: Sendable {
    /// The nearest of the known names by edit distance, ignoring case, `_` and `-`; nil where none is near.
    public static func nearest(to name: String, in known: [String]) -> String? {
        let wanted = folded(name)
        guard wanted.count <= 64 else { return nil }
        let best = known.map { (name: $0, distance: distance(wanted, folded($0))) }.min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
        return best.name
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
