import GatewayKit

/// A path into the effective configuration: `modules.rate_limit.rate`, `modules.authorization.rules[0]`.
package struct ExplanationPath: Sendable {
    /// What is wrong with a path, and what to write.
    package struct Failure: Error {
        /// What is wrong.
        package let message: String
        /// What to write.
        package let help: String
    }

    private let words: [String]

    /// Reads a path.
    package init(_ text: String) {
        words = text.split(separator: ".", omittingEmptySubsequences: false).flatMap { word -> [String] in
            guard word.hasSuffix("]"), let open = word.firstIndex(of: "["), open > word.startIndex else { return [String(word)] }
            return [String(word[..<open]), String(word[open...])]
        }
    }

    /// What stands at the path, inside the keys that lead there.
    ///
    /// - Throws: ``Failure`` where nothing does.
    package func narrow(_ values: [ExplainedValue]) throws(Failure) -> [ExplainedValue] { try narrow(values, words[...], values) }

    private func narrow(_ values: [ExplainedValue], _ rest: ArraySlice<String>, _ all: [ExplainedValue]) throws(Failure) -> [ExplainedValue]
    {
        guard let word = rest.first else { return values }
        guard let value = values.first(where: { $0.key == word }) else { throw failure(at: rest.startIndex, among: values, of: all) }
        let rest = rest.dropFirst()
        guard let next = rest.first else { return [value] }
        switch value.content {
        case .mapping(let children):
            return [ExplainedValue(key: value.key, content: .mapping(try narrow(children, rest, all)), origin: value.origin)]
        case .list(let elements) where rest.count == 1:
            guard let index = Int(next.dropFirst().dropLast()), next.hasPrefix("["), elements.indices.contains(index) else {
                throw Failure(
                    message: "'\(text(to: rest.startIndex))' has no element \(next)", help: "there are [0] to [\(elements.count - 1)]")
            }
            return [ExplainedValue(key: value.key, content: .list([elements[index]]), origin: value.origin)]
        default:
            throw Failure(message: "'\(text(to: rest.startIndex))' has no keys", help: "write gateway explain \(text(to: rest.startIndex))")
        }
    }

    private func failure(at index: Int, among values: [ExplainedValue], of all: [ExplainedValue]) -> Failure {
        let owner = text(to: index)
        let message = "no key '\(words[index].prefix(60))' \(owner.isEmpty ? "at the top" : "in \(owner)")"
        let keys = values.map(\.key)
        if let near = NameSuggestion.nearest(to: words[index], in: keys) {
            return Failure(message: message, help: "did you mean '\(owner.isEmpty ? near : "\(owner).\(near)")'?")
        }
        let elsewhere = Self.paths(to: words[index], in: all, under: "")
        if !elsewhere.isEmpty, elsewhere.count <= 5 {
            return Failure(message: message, help: "did you mean \(elsewhere.map { "'\($0)'" }.joined(separator: " or "))?")
        }
        return Failure(message: message, help: keys.isEmpty ? "there are no keys" : "there are: \(keys.joined(separator: ", "))")
    }

    /// The path up to one of its words.
    private func text(to index: Int) -> String { words[..<index].joined(separator: ".") }

    /// Where a key of that name stands.
    private static func paths(to key: String, in values: [ExplainedValue], under owner: String) -> [String] {
        values.flatMap { value in
            let path = owner.isEmpty ? value.key : "\(owner).\(value.key)"
            return (value.key == key ? [path] : []) + paths(to: key, in: value.children, under: path)
        }
    }
}
