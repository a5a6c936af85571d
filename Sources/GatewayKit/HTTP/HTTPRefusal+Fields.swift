extension HTTPRefusal {
    /// 400: a field of the body is not there.
    public static func missing(_ field: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, .missingField, "'\(field)' is missing", field: field, issue: "required")
    }

    /// 400: a field of the body, a header or a parameter has a value that it cannot have.
    ///
    /// - Parameters:
    ///   - field: Its name.
    ///   - issue: What is wrong, to be read behind the name: `must be a string`.
    /// - Returns: The refusal.
    public static func invalid(_ field: String, _ issue: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, .invalidField, "'\(field)' \(issue)", field: field, issue: issue)
    }
}
