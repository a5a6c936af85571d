import GatewayKit
import NIOCore

/// What a refusal has to look like, whoever reads it: a program the reason, a person the message.
enum RefusalForm {
    private static let codes: Set = [400, 401, 403, 408, 409, 413, 429, 500, 503]

    static func defects(_ rejection: Rejection) -> [String] {
        defects(rejection.reason) + defects(message: rejection.message) + defects(retryAfter: rejection.retryAfter)
    }

    static func defects(_ refusal: HTTPRefusal) -> [String] {
        let isError = (400...599).contains(refusal.status)
        return defects(slug: refusal.reason) + defects(message: refusal.message) + defects(retryAfter: refusal.retryAfter)
            + (isError ? [] : ["a status from 400 to 599 for a refusal; got \(refusal.status)"])
            + (refusal.maxWaiting >= 0 ? [] : ["a maxWaiting of 0 or more; got \(refusal.maxWaiting)"])
    }

    static func defects(_ reason: Reason) -> [String] {
        let isKnown = codes.contains(reason.code)
        return defects(slug: reason)
            + (isKnown ? [] : ["one of the codes \(codes.sorted()) for the reason '\(reason)'; got \(reason.code)"])
    }

    private static func defects(slug reason: Reason) -> [String] {
        let isSlug =
            reason.slug.first?.isLetter == true
            && reason.slug.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        return isSlug ? [] : ["a reason in snake_case; got '\(reason)'"]
    }

    private static func defects(message: String) -> [String] {
        var defects: [String] = []
        let isSentence = message.contains(" ") && message.utf8.count <= 512 && !message.utf8.contains { $0 < 0x20 || $0 == 0x7F }
        if !isSentence { defects.append("one sentence of at most 512 bytes as the message; got '\(message.prefix(300))'") }
        if HostileInputs.marks.contains(where: message.contains) {
            defects.append("a message without a secret and without a payload; got '\(message.prefix(300))'")
        }
        return defects
    }

    private static func defects(retryAfter: Duration?) -> [String] {
        guard let retryAfter, retryAfter < .zero else { return [] }
        return ["a retryAfter of 0 or more; got \(retryAfter)"]
    }
}

/// What the answer of a route has to look like.
enum ResponseForm {
    /// What is parsed, at the most: the reader is slow in a test build.
    private static let maxParsed = 256 << 10

    static func defects(_ response: HTTPResponse, of route: HTTPRoute) -> [String] {
        var defects: [String] = []
        let statuses = route.operation.answers.map(\.status)
        if !statuses.contains(response.status) { defects.append("one of the described answers \(statuses); got \(response.status)") }
        for header in response.headers where (header.name + header.value).utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            defects.append("header lines without control characters; got \((header.name + ": " + header.value).debugDescription)")
        }
        let type = response.headers.first { $0.name.lowercased() == "content-type" }?.value
        if type?.hasPrefix("application/json") == true, response.body.readableBytes <= maxParsed,
            JSONValue(json: Array(response.body.readableBytesView)) == nil
        {
            defects.append("JSON in a body of that type; got \(String(buffer: response.body).prefix(200))")
        }
        return defects
    }

    /// A refusal with a status that nobody can expect.
    static func defects(refusalStatus status: Int, of route: HTTPRoute) -> [String] {
        // Those of the core: 400 to 415 for what is malformed, 500, 503.
        guard !(400...415).contains(status), status != 500, status != 503, !route.operation.refusals.contains(status) else { return [] }
        return ["one of the described refusals \(route.operation.refusals) of \(route.operation.id); got \(status)"]
    }
}
