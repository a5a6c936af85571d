/// Tells the keys under which secrets stand.
package enum SecretName {
    private static let words = ["secret", "password", "passwd", "token", "private_key", "api_key", "credential"]

    /// Whether a key sounds like a secret, or like one with a slip of the finger.
    package static func matches(_ key: some StringProtocol) -> Bool {
        guard key.utf8.count <= 64 else { return false }
        let folded = key.lowercased().replacing("-", with: "_")
        // `secret_file: FILE` names no secret.
        if folded.hasSuffix("_file") || folded.hasSuffix("_ttl") || folded.hasSuffix("_url") { return false }
        if words.contains(where: folded.contains) { return true }
        let near = words.filter { $0.first == folded.first && abs($0.utf8.count - folded.utf8.count) <= 2 }
        return NameSuggestion.nearest(to: folded, in: near) != nil
    }

    /// A key as messages may show it: `secret:***` where the value became part of it, and without the login of a URL.
    package static func shown(_ key: String) -> String {
        guard let colon = key.firstIndex(of: ":"), matches(key[..<colon].trimmingSuffix { $0 == " " }) else {
            return String(URLLogin.hidden(key).prefix(60))
        }
        return "\(key[...colon])***"
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
