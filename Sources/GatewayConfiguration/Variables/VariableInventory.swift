/// The variables that a profile reads.
package struct VariableInventory: Sendable {
    /// The profile; nil for the base of the file alone.
    package let profile: String?
    /// The variables, by name.
    package let variables: [ReadVariable]
    /// The names that the file gives anywhere, in other profiles too.
    package let namedInFile: Set<String>
}
