import GatewayKit
import NIOCore

/// The body of a request to the admin API: an object with no field but those of the route.
struct AdminBody: Sendable {
    private let object: JSONObject

    /// - Throws: ``HTTPRefusal`` with status 400 where it is no object, or has an unknown field.
    init(_ request: HTTPRequest, fields: Set<String>) throws(HTTPRefusal) {
        object = try request.object()
        if let unknown = object.members.first(where: { !fields.contains($0.name) }) {
            throw .invalid(unknown.name, "is unknown")
        }
    }

    /// The one field of several that is there.
    func choice(of fields: [String]) throws(HTTPRefusal) -> String {
        let given = fields.filter { object[$0] != nil }
        guard let first = given.first else { throw .missing(fields.joined(separator: "|")) }
        guard given.count == 1 else { throw .invalid(given[1], "cannot stand beside '\(first)'") }
        return first
    }

    func contains(_ field: String) -> Bool { object[field] != nil }

    /// A text that is not empty.
    func text(_ field: String) throws(HTTPRefusal) -> String {
        guard let value = object[field] else { throw .missing(field) }
        guard let text = value.string, !text.isEmpty else { throw .invalid(field, "must be a string that is not empty") }
        return text
    }

    /// A date; nil where the field is not there.
    func date(_ field: String) throws(HTTPRefusal) -> Timestamp? {
        guard contains(field) else { return nil }
        guard let date = DateText.timestamp(try text(field)) else { throw .invalid(field, "must be a date like 2026-01-31T23:59:59Z") }
        return date
    }

    /// A list of texts.
    func texts(_ field: String, max: Int) throws(HTTPRefusal) -> [String] {
        guard case .array(let values) = object[field], 1...max ~= values.count else {
            throw .invalid(field, "must be a list of 1 to \(max) strings")
        }
        let texts = values.compactMap(\.string)
        guard texts.count == values.count else { throw .invalid(field, "must be a list of 1 to \(max) strings") }
        return texts
    }

    /// A field's bytes as they came.
    func json(_ field: String) throws(HTTPRefusal) -> ByteBuffer {
        guard let member = object.members.first(where: { $0.name == field }) else { throw .missing(field) }
        return member.json
    }
}
