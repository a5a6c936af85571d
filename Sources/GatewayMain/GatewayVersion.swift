/// The version of the program.
enum GatewayVersion {
    /// As semantic versioning has it (semver.org).
    static let current = "0.1.0"
}
