import GatewayKit
import NIOCore

extension HostileInputs {
    /// Topics of all shapes and lengths.
    static let fixedTopics: [Topic] = [
        "a", "0", "-", "_", ":", "@", "a.b", "A.b", "a.b.c", "messages.user.alice", "messages.user.bob", "orders.created", "presence.x",
        String(repeating: "x", count: 255), "a." + String(repeating: "y", count: 253),
        Array(repeating: "s", count: 16).joined(separator: "."),
        Array(repeating: "0123456789abcde", count: 15).joined(separator: "."), "conformance.traffic",
    ].compactMap { try? Topic($0) }

    private static let fixedPatterns: [TopicPattern] = [
        "*", "**", "*.*", "*.**", "a.*", "a.**", "*.a", "*.a.**", "messages.**", "messages.user.*", "x.*.y.**",
        Array(repeating: "*", count: 16).joined(separator: "."), Array(repeating: "*", count: 15).joined(separator: ".") + ".**",
        String(repeating: "x", count: 252) + ".**",
    ].compactMap { try? TopicPattern($0) }

    /// Topics and patterns, those of the settings and random ones among them.
    var patterns: [TopicPattern] {
        let own = words.flatMap { word in
            // What a rule is about is often a pattern, or has <variables> in it.
            ["alice", "x", "x.y.z"].map { word.replacing(/<[^>]*>/, with: $0).replacing("**", with: $0).replacing("*", with: $0) } + [word]
        }
        var random = SeededRandom(seed: 1)
        let noise = (0..<40).map { _ in Self.randomPattern(&random) }
        return Self.fixedTopics.map { TopicPattern($0) } + Self.fixedPatterns + (own + noise).compactMap { try? TopicPattern($0) }
    }

    private static func randomPattern(_ random: inout SeededRandom) -> String {
        let alphabet = Array("abcXYZ019_-:@")
        let segments = (0..<Int.random(in: 1...16, using: &random)).map { _ in
            Int.random(in: 0..<5, using: &random) == 0 ? "*" : text(of: alphabet, 1...14, &random)
        }
        return (segments + (Bool.random(using: &random) ? ["**"] : [])).prefix(16).joined(separator: ".")
    }

    /// Commands about each of them, with bodies of all kinds.
    var commands: [Command] {
        let sizes = [0, 1, 125, 65_536, 1 << 20, Int.max]
        let messages = Self.messages
        var count = 0
        return patterns.flatMap { pattern in
            Command.Action.allCases.compactMap { action -> Command? in
                count += 1
                switch action {
                case .subscribe:
                    return Command(action, pattern, byteCount: sizes[count % sizes.count], isReevaluation: count.isMultiple(of: 3))
                case .unsubscribe: return Command(action, pattern, byteCount: sizes[count % sizes.count])
                case .publish, .ingress:
                    guard !pattern.hasWildcards else { return nil }
                    return Command(action, pattern, byteCount: sizes[count % sizes.count], message: messages[count % messages.count])
                }
            }
        }
    }

    /// Bodies of messages: valid JSON, as the core has checked it.
    static let messages: [Message] = {
        let data =
            [
                "null", "0", "-0", "1e999", "1.50", "\"\"", "{}", "[]", "\"\\ud83d\\ude00\\u0000\\u202e\"", "\"مرحبا \u{202E}🙂\"",
                #"{"a":1,"a":2}"#, #"{"":{"__proto__":null}}"#, "{\"secret\":\"\(payload)\"}", "\"\(payload)\"",
            ] + [
                String(repeating: "[", count: 30) + String(repeating: "]", count: 30), "[\(String(repeating: "0,", count: 10_000))0]",
                "\"\(String(repeating: "x", count: 1 << 20))\"",
            ]
        let metadata = ["", #""a":1"#, #""note":"\#(payload)""#, #""a":{"b":[1,2,{"c":null}]},"z":1e2"#]
        let types = ["", "message.sent", "0", "-", String(repeating: "t", count: 64)]
        return data.enumerated().map { index, text in
            Message(
                data: ByteBuffer(string: text), metadata: ByteBuffer(string: metadata[index % metadata.count]),
                eventType: ByteBuffer(string: types[index % types.count]))
        }
    }()

    /// Whole WebSocket messages: text that is UTF-8 and nothing else, bytes of all kinds.
    var frames: [FrameMessage] {
        let objects = [
            "{}", "{", "[]", "nonsense", #"{"type":"auth","token":"\#(Self.secret)"}"#, #"{"type":"subscribe","topic":"a.**"}"#,
            #"{"type":"message","topic":"a","data":"\#(Self.payload)"}"#, #"{"type":"ping"}"#, #"{"type":1}"#, #"{"type":"x","type":"y"}"#,
            #"[{"type":"ping"},{"type":"ping"}]"#, String(repeating: "[", count: 10_000), String(repeating: #"{"a":"#, count: 5000),
            String(repeating: "x", count: 1 << 20),
        ]
        var random = SeededRandom(seed: 2)
        let noise = (0..<20).map { _ in
            (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        }
        let bytes: [[UInt8]] =
            [
                [], [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], Array(repeating: 0xFF, count: 1 << 20),
                Array(repeating: 0, count: 1 << 20), [0x80, 0x00, 0xFF, 0xFF, 0xFF, 0x7F],
                [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            ] + noise
        return (Self.texts + objects + words).map { FrameMessage(opcode: .text, payload: ByteBuffer(string: $0)) }
            + bytes.map { FrameMessage(opcode: .binary, payload: ByteBuffer(bytes: $0)) }
    }

    /// Messages of every size behind backlogs of every size.
    var deliveries: [(message: Delivery, backlog: Backlog)] {
        let limit = 4 << 20
        let backlogs = [
            (0, limit), (limit - 1, limit), (limit, limit), (limit + 1, limit), (.max, limit), (0, 0), (0, 1), (.max, .max), (0, .max),
        ]
        let topics = patterns.compactMap(\.topic)
        return topics.enumerated().flatMap { index, topic in
            [0, 1, 125, 65_536, 1 << 20, Int.max].enumerated().map { place, size in
                let (bytes, limit) = backlogs[(index + place) % backlogs.count]
                return (Delivery(topic: topic, size: size), Backlog(bytes: bytes, limit: limit))
            }
        }
    }
}
