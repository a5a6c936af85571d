/// One of the document's environment variables: it overrides a setting.
public struct EnvironmentVariable: Sendable, Hashable {
    /// The variable's name.
    public let name: String
    /// What is put behind a bare number before it is read as the field's type.
    public let unit: String

    /// A variable whose value is read like the YAML's.
    public static func plain(_ name: String) -> Self { Self(name: name, unit: "") }
    /// A variable with a bare number of milliseconds.
    public static func milliseconds(_ name: String) -> Self { Self(name: name, unit: "ms") }
    /// A variable with a bare number of bytes.
    public static func bytes(_ name: String) -> Self { Self(name: name, unit: "B") }
}
