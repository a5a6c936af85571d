internal import Crypto

/// The handshake's key and the proof that the server has read it (RFC 6455, 4.2.2).
enum WebSocketKey {
    /// Whether the key is the base64 of 16 bytes.
    static func isValid(_ key: String) -> Bool {
        let bytes = key.utf8
        return bytes.count == 24 && bytes.dropLast(2).allSatisfy(digits.contains) && bytes.suffix(2).elementsEqual("==".utf8)
    }

    /// The value of `Sec-WebSocket-Accept`.
    static func accept(_ key: String) -> String {
        base64(Array(Insecure.SHA1.hash(data: Array((key + guid).utf8))))
    }

    private static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | UInt32($1) } << (8 * (3 - UInt32(group.count)))
            for place in 0..<4 {
                text.append(place <= group.count ? digits[Int(word >> (18 - 6 * UInt32(place)) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
