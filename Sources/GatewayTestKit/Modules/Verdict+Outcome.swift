public import GatewayKit

extension Verdict {
    /// Whether the verdict is `.proceed`.
    public var proceeds: Bool {
        if case .proceed = self { true } else { false }
    }

    /// What the client is told; nil where the verdict is no refusal.
    public var refusal: Refusal? {
        if case .refuse(let refusal) = self { refusal } else { nil }
    }
}
