import GatewayKit

extension JSONObject {
    /// A member that has to be there and to be text.
    ///
    /// - Parameters:
    ///   - name: The member.
    ///   - length: How many Unicode scalars it may have; nil for any number.
    /// - Returns: The text.
    /// - Throws: ``HTTPRefusal`` with status 400 that names the field.
    func text(_ name: String, length: ClosedRange<Int>? = nil) throws(HTTPRefusal) -> String {
        guard let value = self[name] else { throw .missing(name) }
        guard let text = value.string else { throw .invalid(name, "must be a string") }
        if let length, !length.contains(text.unicodeScalars.count) {
            throw .invalid(name, "must have \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }
}
