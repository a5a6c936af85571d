public import GatewayKit

/// The settings of ``Playground``.
public struct PlaygroundSettings: Settings {
    /// The path that the page's clients connect to.
    public var endpoint: HTTPPath = "/ws"

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("endpoint", \.endpoint, "The path that the page's clients connect to: that of server.path.")
    ]

    /// The endpoint is one path.
    public func validate(_ report: inout SettingsReport) {
        let isFixed = endpoint.segments.allSatisfy { if case .word = $0 { true } else { false } }
        if !isFixed { report.add(.error, .invalidValue, "endpoint", "\(endpoint) stands for many paths", help: "write it like /ws") }
    }
}
