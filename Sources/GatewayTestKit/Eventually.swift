/// Waits until a condition holds: for what a test cannot be told of, such as a count in the gateway or the output of a program.
///
/// Looks every 10 ms, so it ends as soon as the condition holds; only a failure takes the whole minute, and no verdict hangs on the time.
///
/// - Parameters:
///   - what: What is waited for, for the error.
///   - condition: Whether it holds.
/// - Throws: ``Unmet`` after a minute, and what the condition throws.
public func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<6000 {
        if try await condition() { return }
        // Nobody tells of it: that is what this is for.
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Unmet(what: what)
}

/// What a test wanted and did not get.
public struct Unmet: Error, Sendable, CustomStringConvertible {
    private let what: String

    /// Says what was wanted.
    public init(what: String) { self.what = what }

    /// What was wanted.
    public var description: String { "never came true: \(what)" }
}
