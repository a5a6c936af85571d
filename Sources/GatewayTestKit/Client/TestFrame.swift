import NIOCore

/// One WebSocket frame as a client sends it: every bit is the test's to choose, so that rules can be broken.
public struct TestFrame: Sendable {
    /// Whether it is the last frame of its message.
    public var isFinal: Bool
    /// RSV1 to RSV3, as the number that the three bits make (4, 2, 1).
    public var reserved: UInt8
    /// The opcode, 0 to 15.
    public var opcode: UInt8
    /// The payload before masking.
    public var payload: [UInt8]
    /// The masking key; nil sends the payload bare, which no client may.
    public var maskingKey: [UInt8]?
    /// The length that the header names, where it is not the payload's.
    public var declaredLength: UInt64?
    /// How many bytes hold the length (0, 2 or 8), where it is not the shortest form.
    public var lengthBytes: Int?

    /// Makes a frame.
    ///
    /// - Parameters:
    ///   - opcode: 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong.
    ///   - payload: The payload before masking.
    ///   - isFinal: Whether it is the last frame of its message.
    ///   - reserved: RSV1 to RSV3 as a number.
    ///   - maskingKey: Four bytes, or nil for an unmasked frame.
    ///   - declaredLength: The length that the header names, where it is not the payload's.
    ///   - lengthBytes: How many bytes hold the length (0, 2 or 8), where it is not the shortest form.
    public init(
        opcode: UInt8, payload: [UInt8] = [], isFinal: Bool = true, reserved: UInt8 = 0, maskingKey: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D],
        declaredLength: UInt64? = nil, lengthBytes: Int? = nil
    ) {
        self.isFinal = isFinal
        self.reserved = reserved
        self.opcode = opcode
        self.payload = payload
        self.maskingKey = maskingKey
        self.declaredLength = declaredLength
        self.lengthBytes = lengthBytes
    }

    /// A text frame.
    public static func text(_ text: String, isFinal: Bool = true) -> TestFrame {
        TestFrame(opcode: 1, payload: Array(text.utf8), isFinal: isFinal)
    }

    /// A continuation frame.
    public static func continuation(_ text: String, isFinal: Bool = true) -> TestFrame {
        TestFrame(opcode: 0, payload: Array(text.utf8), isFinal: isFinal)
    }

    /// A close frame with a code and a reason.
    public static func close(_ code: UInt16, _ reason: String = "") -> TestFrame {
        TestFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 255)] + Array(reason.utf8))
    }

    /// The bytes on the wire (RFC 6455, 5.2).
    public var bytes: [UInt8] {
        let length = declaredLength ?? UInt64(payload.count)
        let shortest = length < 126 ? 0 : length < 65536 ? 2 : 8
        let lengthBytes = self.lengthBytes ?? shortest
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | (reserved & 7) << 4 | opcode & 15]
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        switch lengthBytes {
        case 0: bytes.append(mask | UInt8(length & 127))
        case 2:
            bytes.append(mask | 126)
            bytes += [UInt8(length >> 8 & 255), UInt8(length & 255)]
        default:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(length >> (56 - 8 * UInt64($0)) & 255) }
        }
        guard let key = maskingKey, key.count == 4 else { return bytes + payload }
        bytes += key
        let start = bytes.count
        bytes += payload
        let (key0, key1, key2, key3) = (key[0], key[1], key[2], key[3])
        bytes.withUnsafeMutableBufferPointer { bytes in
            // Four at a time: a test build takes its time for every call.
            var index = start
            while index < bytes.count {
                bytes[index] ^= key0
                if index + 1 < bytes.count { bytes[index + 1] ^= key1 }
                if index + 2 < bytes.count { bytes[index + 2] ^= key2 }
                if index + 3 < bytes.count { bytes[index + 3] ^= key3 }
                index += 4
            }
        }
        return bytes
    }
}
