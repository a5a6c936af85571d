/// Hides what stands in a line behind a key that sounds like a secret.
enum SecretMask {
    private static let words = ["secret", "password", "passwd", "token", "private_key", "api_key", "credential"]

    /// The line with stars for each character of such a value; variables stay.
    static func masked(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var line = line
        var index = line.startIndex
        while let colon = line[index...].firstIndex(of: ":") {
            index = colon + 1
            guard isSecret(key(line, before: colon)) else { continue }
            let end = valueEnd(line, from: index)
            let start = line[index..<end].firstIndex { $0 != " " && $0 != "\t" } ?? end
            let isVariable = line[start..<end].starts(with: "${".unicodeScalars) || line[start..<end].starts(with: "\"${".unicodeScalars)
            let isBlock = line[start..<end].first == "|" || line[start..<end].first == ">"
            let isShown =
                isVariable || isBlock
                || ["null", "~", "true", "false", "\"\"", "''"].contains(String(String.UnicodeScalarView(line[start..<end])))
            if !isShown { for position in start..<end { line[position] = "*" } }
            index = end
        }
        return line
    }

    private static func key(_ line: [Unicode.Scalar], before colon: Int) -> String {
        let end = line[..<colon].last.map { $0 == "\"" || $0 == "'" ? colon - 1 : colon } ?? colon
        let start = line[..<end].lastIndex { !($0.properties.isAlphabetic || $0 == "_" || $0 == "-" || ("0"..."9").contains($0)) }
        return String(String.UnicodeScalarView(line[(start.map { $0 + 1 } ?? 0)..<end]))
    }

    private static func isSecret(_ key: String) -> Bool {
        let folded = key.lowercased().replacing("-", with: "_")
        // `secret_file: FILE` and `create_secret: true` name no secret.
        if folded.hasSuffix("_file") || folded.hasSuffix("_ttl") || folded.hasSuffix("_url") { return false }
        return words.contains { folded.contains($0) }
    }

    /// Where a value ends: at its closing quote, at a comma or bracket, at a comment, or with the line.
    private static func valueEnd(_ line: [Unicode.Scalar], from start: Int) -> Int {
        guard let first = line[start...].firstIndex(where: { $0 != " " && $0 != "\t" }) else { return line.count }
        if line[first] == "\"" || line[first] == "'" {
            let close = line[(first + 1)...].firstIndex(of: line[first])
            return close.map { $0 + 1 } ?? line.count
        }
        let stop = line[first...].indices.first { line[$0] == "}" || line[$0] == "," || (line[$0] == "#" && line[$0 - 1] == " ") }
        let end = stop ?? line.count
        return line[first..<end].lastIndex { $0 != " " }.map { $0 + 1 } ?? end
    }
}
