import GatewayKit

extension IngressRoute {
    /// A name of the method and the path in camel case: `postApiOrdersByOrderId`.
    var operationID: String {
        let words = keys.path.segments.flatMap { segment -> [Substring] in
            switch segment {
            case .word(let word): word.split { !$0.isLetter && !$0.isNumber }
            case .parameter(let name): ["By"] + name.split(separator: "_")
            }
        }
        return keys.method.rawValue.lowercased() + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// What the route does, for people.
    func operation(id: String) -> HTTPOperation {
        let data: HTTPSchema =
            switch keys.response {
            case .object: objectSchema
            case .id: .object(idName.map { [.init($0, .string(format: "uuid"))] } ?? [], isOpen: false)
            }
        return HTTPOperation(
            id, "Publishes an event of type \(keys.event.text).",
            body: takesBody ? .object(fields.map(property), isOpen: true) : nil,
            headers: [
                .init(
                    IdempotencyKey.header, "The same key within 24 hours gives the same answer, and one event.",
                    .string(minLength: 1, maxLength: 255, pattern: "^[!-~]+$"))
            ],
            answers: [.success(keys.status, "The event is on its way to its subscribers.", data: data)],
            refusals: [400] + (hasSender ? [401] : []) + [403, 409, 413, 429, 503])
    }

    private var objectSchema: HTTPSchema {
        let generated = keys.generate.members.compactMap { member -> (kind: GeneratedMembers.Kind, property: HTTPSchema.Property)? in
            switch member.kind {
            case .id: (.id, .init(member.name, .string(format: "uuid")))
            case .sender: hasSender ? (.sender, .init(member.name, .string())) : nil
            case .time: (.time, .init(member.name, .string(format: "date-time")))
            }
        }
        let members =
            generated.filter { $0.kind != .time }.map(\.property) + parameters.map { .init($0, .string()) } + fields.map(property)
            + generated.filter { $0.kind == .time }.map(\.property)
        return .object(members, isOpen: true)
    }

    private func property(_ field: IngressField) -> HTTPSchema.Property {
        .init(field.name.text, schema(of: field), isRequired: field.isRequired)
    }

    private func schema(of field: IngressField) -> HTTPSchema {
        switch field.type {
        case .string:
            guard keys.topics.contains(where: { $0.names.contains(field.name.text) }) else { return .string(maxLength: field.maxLength) }
            return .string(minLength: 1, maxLength: min(255, field.maxLength ?? 255), pattern: "^[A-Za-z0-9_:@-]+$")
        case .integer: return .integer
        case .number: return .number
        case .boolean: return .boolean
        case .object: return .object([], isOpen: true)
        case .array: return .array(.any)
        case .any: return .any
        }
    }
}
