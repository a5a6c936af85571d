extension StringProtocol {
    /// Whether two texts are the same bytes.
    ///
    /// Swift's `==` also takes texts for equal that Unicode does (the Kelvin sign and `K`); where a comparison decides who somebody is
    /// or what they may do, that is one spelling too many.
    ///
    /// - Parameter other: The other text.
    /// - Returns: True where not a byte differs.
    public func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension [String: JSONValue] {
    /// The value under exactly this name, byte by byte; nil where there is none.
    ///
    /// - Parameter name: The name.
    /// - Returns: The value.
    public func member(_ name: String) -> JSONValue? {
        guard let index = index(forKey: name), self[index].key.hasSameBytes(as: name) else { return nil }
        return self[index].value
    }
}
