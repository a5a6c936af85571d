import GatewayKit

extension HTTPRefusal {
    /// 400: a field is not there.
    static func missing(_ field: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, .missingField, "'\(field)' is missing", field: field, issue: "required")
    }

    /// 400: a field has a value that it cannot have.
    static func invalid(_ field: String, _ issue: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, .invalidField, "'\(field)' \(issue)", field: field, issue: issue)
    }
}
