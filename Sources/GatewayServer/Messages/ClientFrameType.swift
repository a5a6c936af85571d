internal import NIOCore

/// The types of frames that a client may send.
enum ClientFrameType: String, CaseIterable {
    case auth, subscribe, unsubscribe, message, ping

    /// The type that a string names.
    init?(_ text: JSONString) {
        if text.hasEscapes {
            self.init(rawValue: String(buffer: text.unescaped(limit: 16)))
            return
        }
        switch text.bytes.count {
        case 4 where text.equals("auth"): self = .auth
        case 4 where text.equals("ping"): self = .ping
        case 7 where text.equals("message"): self = .message
        case 9 where text.equals("subscribe"): self = .subscribe
        case 11 where text.equals("unsubscribe"): self = .unsubscribe
        default: return nil
        }
    }
}
