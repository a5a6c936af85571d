extension Sequence where Element: Sendable {
    /// Runs `body` for every element at once.
    ///
    /// - Parameter body: What is done with an element.
    /// - Returns: The results in the order of the elements.
    /// - Throws: The first error that a `body` throws; the others are cancelled then.
    public func concurrently<Result: Sendable>(_ body: @escaping @Sendable (Element) async throws -> Result) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for (index, element) in enumerated() { group.addTask { (index, try await body(element)) } }
            var results: [(Int, Result)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
