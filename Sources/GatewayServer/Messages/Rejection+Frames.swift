internal import GatewayKit

/// What is said to a client about a frame that is malformed.
extension Rejection {
    static let invalidJSON = Rejection(.invalidJSON, "The message is not valid JSON")
    static let invalidFrame = Rejection(.invalidFrame, "The message is not a JSON object")
    static let tooDeep = Rejection(.tooDeep, "The message has more than \(JSONScanner.maxDepth) levels of brackets")

    static func missing(_ field: FrameField) -> Rejection {
        Rejection(.missingField, "Invalid message format", field: field.rawValue, issue: "required")
    }

    static func invalid(_ field: FrameField, _ issue: String) -> Rejection {
        Rejection(.invalidField, "Invalid message format", field: field.rawValue, issue: issue)
    }

    static func invalid(_ field: FrameField, _ error: TopicError) -> Rejection {
        Rejection(.invalidTopic, "Invalid topic", field: field.rawValue, issue: error.rawValue)
    }

    static func duplicate(_ duplicate: FrameFields.Duplicate) -> Rejection {
        switch duplicate {
        case .field(let field):
            Rejection(.duplicateKey, "The frame has a key twice", field: field.rawValue, issue: "must stand only once")
        case .other:
            Rejection(.duplicateKey, "The frame has a key twice")
        }
    }

    static func batch(_ issue: String) -> Rejection { Rejection(.batch, "Invalid batch", issue: issue) }

    init(_ failure: JSONScanner.Failure) {
        switch failure {
        case .malformed: self = .invalidJSON
        case .tooDeep: self = .tooDeep
        }
    }
}
