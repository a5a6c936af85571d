import GatewayTestKit
import Testing

/// RFC 6455 to the letter, in both directions.
struct FramingSpec {
    // Promise: framing.binary
    @Test(arguments: eventLoops) func `a binary message that no module took closes with 1003`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.sendBinary([0, 1, 2])
            try await client.expectClose(1003, "unsupported_data")
        }
    }

    // Promise: framing.utf8
    @Test(arguments: [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x22, 0xFF, 0x22], [0xE2, 0x82]] as [[UInt8]])
    func `text that is no UTF-8 closes with 1007`(bytes: [UInt8]) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(frame: TestFrame(opcode: 1, payload: bytes))
            try await client.expectClose(1007, "invalid_utf8")
        }
    }

    // Promise: framing.utf8_reason
    @Test func `a close reason that is no UTF-8 closes with 1007`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(frame: TestFrame(opcode: 8, payload: [0x03, 0xE8, 0xFF, 0xFE]))
            try await client.expectClose(1007)
        }
    }

    // Promise: framing.protocol_error
    @Test(arguments: ProtocolError.allCases) func `what RFC 6455 forbids closes with 1002`(error: ProtocolError) async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            for frame in error.frames { client.send(frame: frame) }
            try await client.expectClose(1002, "protocol_error")
            try await gateway.client().expectNothingElse()
        }
    }

    // Promise: framing.fragments
    @Test(arguments: eventLoops) func `a message in fragments is one message, with control frames between`(loops: Int) async throws {
        try await withGateway(loops: loops) { gateway in
            let client = try await gateway.client()
            client.send(frame: .text(#"{"type":"pi"#, isFinal: false))
            client.send(frame: TestFrame(opcode: 9, payload: [7]))
            client.send(frame: .continuation("", isFinal: false))
            client.send(frame: .continuation(#"ng"}"#))
            #expect(try await client.next() == .pong([7]))
            try await client.expect("pong")
        }
    }

    // Promise: framing.single_bytes
    @Test func `a message may come byte by byte`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            for byte in TestFrame.text(#"{"type":"ping","id":"slowly"}"#).bytes { try await client.deliverRaw([byte]) }
            #expect(try await client.expect("pong")["requestId"] == "slowly")
        }
    }

    // Promise: framing.close_codes
    @Test(arguments: [1000, 1001, 1003, 1007, 1008, 1009, 1011, 3000, 4999]) func `a valid close is answered in kind`(code: Int)
        async throws
    {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(frame: .close(UInt16(code), "because"))
            try await client.expectClose(code)
        }
    }

    // Promise: framing.close_empty
    @Test func `a close without a code is answered`() async throws {
        try await withGateway { gateway in
            let client = try await gateway.client()
            client.send(frame: TestFrame(opcode: 8))
            guard case .close(let code, _) = try await client.next(), [1000, 1005].contains(code) else {
                throw Unmet(what: "a close frame")
            }
            try await client.expectEnd()
        }
    }

    // Promise: framing.after_close
    @Test func `what comes after a close frame is not looked at`() async throws {
        try await withGateway { gateway in
            let reader = try await gateway.client("reader")
            try await reader.subscribe("chat")
            let client = try await gateway.client()
            client.sendRaw(TestFrame.close(1000).bytes + TestFrame.text(#"{"type":"message","topic":"chat","data":1}"#).bytes)
            try await client.expectClose(1000)
            try await gateway.expectNothingElse(reader)
        }
    }
}

/// What no client may send.
enum ProtocolError: CaseIterable, Sendable {
    case unmasked, reserved1, reserved2, reserved3, opcode3, opcode7, opcode11, opcode15, controlInFragments, longControl
    case continuationOfNothing, messageInMessage, longLength, longerLength, closeOfOneByte, closeCode0, closeCode1005, closeCode1006
    case closeCode1015, closeCode2999, closeCode5000

    var frames: [TestFrame] {
        switch self {
        case .unmasked: [TestFrame(opcode: 1, payload: Array("{}".utf8), maskingKey: nil)]
        case .reserved1: [TestFrame(opcode: 1, reserved: 4)]
        case .reserved2: [TestFrame(opcode: 1, reserved: 2)]
        case .reserved3: [TestFrame(opcode: 1, reserved: 1)]
        case .opcode3: [TestFrame(opcode: 3)]
        case .opcode7: [TestFrame(opcode: 7)]
        case .opcode11: [TestFrame(opcode: 11)]
        case .opcode15: [TestFrame(opcode: 15)]
        case .controlInFragments: [TestFrame(opcode: 9, isFinal: false)]
        case .longControl: [TestFrame(opcode: 9, payload: Array(repeating: 1, count: 126))]
        case .continuationOfNothing: [.continuation("{}")]
        case .messageInMessage: [.text("{", isFinal: false), .text("}")]
        case .longLength: [TestFrame(opcode: 1, payload: Array("{}".utf8), lengthBytes: 2)]
        case .longerLength: [TestFrame(opcode: 1, payload: Array("{}".utf8), lengthBytes: 8)]
        case .closeOfOneByte: [TestFrame(opcode: 8, payload: [3])]
        case .closeCode0: [.close(0)]
        case .closeCode1005: [.close(1005)]
        case .closeCode1006: [.close(1006)]
        case .closeCode1015: [.close(1015)]
        case .closeCode2999: [.close(2999)]
        case .closeCode5000: [.close(5000)]
        }
    }
}
