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
        guard let value = self[name] else {
            throw HTTPRefusal(status: 400, .missingField, "'\(name)' is missing", field: name, issue: "required")
        }
        guard let text = value.string else {
            throw HTTPRefusal(status: 400, .invalidField, "'\(name)' has to be a string", field: name, issue: "must be a string")
        }
        if let length, !length.contains(text.unicodeScalars.count) {
            throw HTTPRefusal(
                status: 400, .invalidField, "'\(name)' is too short or too long", field: name,
                issue: "must have \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }
}
