internal import CYAML

/// Runs libyaml over a text.
enum YAMLParser {
    /// What libyaml could not read.
    struct Failure {
        let problem: String
        let mark: YAMLMark
        let context: String
        let contextMark: YAMLMark
    }

    /// Hands every event to `body` until it says stop.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - body: Answers whether to go on.
    /// - Returns: What libyaml could not read; nil where it came to the end, or was stopped.
    static func parse(_ bytes: [UInt8], _ body: (YAMLEvent) -> Bool) -> Failure? {
        // The parser keeps a pointer to itself, so it must not move.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) != 0 else { return outOfMemory }
        defer { yaml_parser_delete(parser) }
        return bytes.withUnsafeBufferPointer { input in
            yaml_parser_set_input_string(parser, input.baseAddress, input.count)
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            while true {
                var event = yaml_event_t()
                guard yaml_parser_parse(parser, &event) != 0 else { return failure(parser.pointee) }
                defer { yaml_event_delete(&event) }
                if event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT { return nil }
                if let event = YAMLEvent(event), !body(event) { return nil }
            }
        }
    }

    private static var outOfMemory: Failure {
        Failure(problem: "out of memory", mark: YAMLMark(line: 0, column: 0), context: "", contextMark: YAMLMark(line: 0, column: 0))
    }

    private static func failure(_ parser: yaml_parser_t) -> Failure {
        Failure(
            problem: parser.problem.map { String(cString: $0) } ?? "this is no YAML", mark: YAMLMark(parser.problem_mark),
            context: parser.context.map { String(cString: $0) } ?? "", contextMark: YAMLMark(parser.context_mark))
    }
}
