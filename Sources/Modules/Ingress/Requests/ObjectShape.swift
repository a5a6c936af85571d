import GatewayKit
import NIOCore

/// What a request makes: an object, and where it goes.
struct CreatedObject {
    let id: String
    let json: ByteBuffer
    let topic: Topic
    let otherTopics: [Topic]
}

/// How a route makes objects of requests.
///
/// The order of the members: ids and the sender, parameters, fields as they are declared, whatever else the body has, times. Values of
/// the body are passed on as the bytes that came.
struct ObjectShape: Sendable {
    private let route: IngressRoute
    /// The names that topics ask for, each once.
    private let topicNames: Set<String>
    /// The names that a body cannot give a value to.
    private let reserved: Set<String>
    /// By their bytes: to Swift two names can be one.
    private let declared: Set<[UInt8]>
    /// The names that stand for the sender.
    private let senderNames: Set<String>

    init(_ route: IngressRoute) {
        self.route = route
        topicNames = Set(route.keys.topics.flatMap(\.names))
        reserved = Set(route.keys.generate.members.map(\.name) + route.parameters + [IngressRoute.senderName])
        declared = Set(route.fields.map { Array($0.name.text.utf8) })
        senderNames = Set(route.keys.generate.members.filter { $0.kind == .sender }.map(\.name) + [IngressRoute.senderName])
    }

    /// Makes the object of a request.
    ///
    /// - Throws: 400 where the body is not as the route wants it.
    func object(of request: HTTPRequest, sender: String?, now: Timestamp) throws(HTTPRefusal) -> CreatedObject {
        let body = try members(of: request)
        let fields = try checkedFields(body)
        // A random UUID is one, whatever it names.
        let id = ConnectionID.random().description
        var values: [String: JSONValue] = fields.mapValues(\.value)
        for name in route.parameters { values[name] = request.parameters[name].map { .string($0) } }
        values[IngressRoute.senderName] = sender.map { .string($0) }
        for member in route.keys.generate.members {
            switch member.kind {
            case .id: values[member.name] = .string(id)
            case .sender: values[member.name] = sender.map { .string($0) }
            case .time: values[member.name] = .string(now.text)
            }
        }
        let topics = try topics(values)
        return CreatedObject(id: id, json: json(values, fields, body), topic: topics.first, otherTopics: topics.others)
    }

    /// What the body says and may say.
    private func members(of request: HTTPRequest) throws(HTTPRefusal) -> [JSONObject.Member] {
        guard route.takesBody, request.body.readableBytes > 0 else { return [] }
        return try request.object().members.filter { !reserved.contains($0.name) }
    }

    private func isDeclared(_ member: JSONObject.Member) -> Bool { declared.contains(Array(member.name.utf8)) }

    private func checkedFields(_ body: [JSONObject.Member]) throws(HTTPRefusal) -> [String: JSONObject.Member] {
        var found: [String: JSONObject.Member] = [:]
        for member in body where isDeclared(member) { found[member.name] = member }
        for field in route.fields {
            guard let member = found[field.name.text] else {
                if field.isRequired { throw .missing(field.name.text) }
                continue
            }
            if let issue = field.issue(with: member.value) { throw .invalid(field.name.text, issue) }
        }
        for group in route.exclusive {
            let given = group.filter { found[$0] != nil }
            guard given.count > 1, let last = given.last else { continue }
            throw .invalid(last, "must not stand beside \(given.dropLast().joined(separator: " and "))")
        }
        return found
    }

    private func json(
        _ values: [String: JSONValue], _ fields: [String: JSONObject.Member], _ body: [JSONObject.Member]
    ) -> ByteBuffer {
        var writer = JSONWriter()
        let generated = route.keys.generate.members
        for name in generated.filter({ $0.kind != .time }).map(\.name) + route.parameters {
            if let value = values[name] { writer.member(name, value) }
        }
        for field in route.fields {
            if let member = fields[field.name.text] { writer.member(member.name, json: member.json) }
        }
        for member in body where !isDeclared(member) { writer.member(member.name, json: member.json) }
        for member in generated where member.kind == .time {
            if let value = values[member.name] { writer.member(member.name, value) }
        }
        return writer.finish()
    }

    /// The topics that can be filled, each once.
    private func topics(_ values: [String: JSONValue]) throws(HTTPRefusal) -> (first: Topic, others: [Topic]) {
        var segments: [String: String] = [:]
        for name in topicNames {
            guard let value = values[name] else { continue }
            // No field that could be corrected: the topics about the sender are left out.
            if senderNames.contains(name), !(value.string?.isTopicSegment ?? false) { continue }
            segments[name] = try segment(name, value)
        }
        var topics: [Topic] = []
        for template in route.keys.topics {
            do throws(TopicError) {
                guard let topic = try template.topic(segments), !topics.contains(topic) else { continue }
                topics.append(topic)
            } catch {
                throw HTTPRefusal(status: 400, .invalidTopic, "The topic '\(template.text)' \(error.rawValue)", issue: error.rawValue)
            }
        }
        guard let first = topics.first else {
            guard let missing = route.keys.topics.flatMap(\.names).first(where: { values[$0] == nil }) else {
                throw HTTPRefusal(status: 403, .forbidden, "The sender's name is no segment of a topic, and all topics are about it")
            }
            throw HTTPRefusal(status: 400, .missingField, "No field that names a topic is there", field: missing, issue: "required")
        }
        return (first, Array(topics.dropFirst()))
    }

    private func segment(_ name: String, _ value: JSONValue) throws(HTTPRefusal) -> String {
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let number): text = String(number)
        case .null, .bool, .number, .array, .object: throw .invalid(name, "must be a string or an integer, as it names a topic")
        }
        if let error = text.segmentIssue { throw .invalid(name, "must be one segment of a topic: it \(error.rawValue)") }
        return text
    }
}
