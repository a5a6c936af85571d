/// Where the fields of one client frame stand in its payload: what is found in the one pass that checks the JSON.
struct FrameFields {
    private var ranges = Ranges()
    private var escaped: UInt16 = 0
    /// Whether `metadata` is an object with a member that only the gateway may set.
    private(set) var metadataNamesSender = false
    /// The key that stands twice; its name only where it is a field.
    private(set) var duplicate: Duplicate?

    enum Duplicate: Equatable {
        case field(FrameField)
        case other
    }

    private struct Ranges {
        var type = absent
        var topic = absent
        var topics = absent
        var data = absent
        var metadata = absent
        var eventType = absent
        var id = absent
        var ack = absent
        var token = absent

        // Half the size of nine optionals, and a frame is moved several times.
        static var absent: ByteRange { ByteRange(-1, -1) }

        subscript(_ field: FrameField) -> ByteRange {
            get {
                switch field {
                case .type: type
                case .topic: topic
                case .topics: topics
                case .data: data
                case .metadata: metadata
                case .eventType: eventType
                case .id: id
                case .ack: ack
                case .token: token
                }
            }
            set {
                switch field {
                case .type: type = newValue
                case .topic: topic = newValue
                case .topics: topics = newValue
                case .data: data = newValue
                case .metadata: metadata = newValue
                case .eventType: eventType = newValue
                case .id: id = newValue
                case .ack: ack = newValue
                case .token: token = newValue
                }
            }
        }
    }

    /// Reads an object that begins at the scanner's position.
    ///
    /// - Parameters:
    ///   - scanner: Behind the object afterwards.
    ///   - depth: The brackets that are open around it.
    /// - Throws: ``JSONScanner/Failure`` where it is no JSON.
    init(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanner.Failure) {
        var fields = FrameFields()
        var others = UnknownKeys()
        try scanner.readMembers(depth: depth) { (scanner, key) throws(JSONScanner.Failure) in
            if let field = FrameField(key) {
                if fields[field] != nil { fields.duplicate = .field(field) }
                try fields.read(field, &scanner, depth: depth + 1)
            } else {
                if !others.insert(key), fields.duplicate == nil { fields.duplicate = .other }
                try scanner.readValue(depth: depth + 1)
            }
        }
        self = fields
    }

    private init() {}

    /// Whether the string that a field holds has escapes.
    func hasEscapes(_ field: FrameField) -> Bool { escaped & field.bit != 0 }

    /// Where a field's value stands; nil where there is none.
    subscript(_ field: FrameField) -> ByteRange? {
        let range = ranges[field]
        return range == Ranges.absent ? nil : range
    }

    private mutating func read(_ field: FrameField, _ scanner: inout JSONScanner, depth: Int) throws(JSONScanner.Failure) {
        scanner.skipSpace()
        let start = scanner.position
        if scanner.next == UInt8(ascii: "\"") {
            if try scanner.skipString() { escaped |= field.bit }
        } else if field == .metadata, scanner.next == UInt8(ascii: "{") {
            var namesSender = false
            try scanner.readMembers(depth: depth) { (scanner, key) throws(JSONScanner.Failure) in
                if MetadataMembers.isReserved(key) { namesSender = true }
                try scanner.readValue(depth: depth + 1)
            }
            metadataNamesSender = namesSender
        } else {
            try scanner.readValue(depth: depth)
        }
        ranges[field] = ByteRange(start, scanner.position)
    }
}

extension FrameField {
    fileprivate var bit: UInt16 {
        switch self {
        case .type: 1
        case .topic: 2
        case .topics: 4
        case .data: 8
        case .metadata: 16
        case .eventType: 32
        case .id: 64
        case .ack: 128
        case .token: 256
        }
    }
}
