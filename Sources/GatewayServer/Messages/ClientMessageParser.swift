internal import GatewayKit
internal import NIOCore

/// Reads a WebSocket message of the gateway's own protocol: a frame, or a batch of them.
///
/// One pass checks all of the JSON and notes where the fields stand; what they hold is looked at later, by the methods of ``ClientFrame``.
enum ClientMessageParser {
    /// Larger payloads are refused: offsets are kept in 32 bits.
    static let maxPayload = 1 << 30

    /// Reads a message.
    ///
    /// - Parameters:
    ///   - payload: The message.
    ///   - maxBatch: The most frames a batch may have.
    /// - Returns: The frame, the batch, or the defect of the whole message as that of one frame.
    static func parse(_ payload: ByteBuffer, maxBatch: Int) -> ClientMessage {
        guard payload.readableBytes <= maxPayload else {
            return .frame(.failure(FrameDefect(rejection: Rejection(.messageTooBig, "The message is too big"), id: nil)))
        }
        return payload.withUnsafeReadableBytes { bytes in
            var scanner = JSONScanner(bytes)
            scanner.skipSpace()
            return scanner.next == UInt8(ascii: "[") ? batch(&scanner, payload, maxBatch) : .frame(single(&scanner, payload))
        }
    }

    private static func single(_ scanner: inout JSONScanner, _ payload: ByteBuffer) -> Result<ClientFrame, FrameDefect> {
        do throws(JSONScanner.Failure) {
            guard scanner.next == UInt8(ascii: "{") else {
                try scanner.readValue(depth: 0)
                try end(&scanner)
                return .failure(FrameDefect(rejection: .invalidFrame, id: nil))
            }
            let start = scanner.position
            let fields = try FrameFields(&scanner, depth: 0)
            let object = ByteRange(start, scanner.position)
            try end(&scanner)
            return ClientFrame.read(payload, object, fields, scanner.bytes)
        } catch {
            return .failure(FrameDefect(rejection: Rejection(error), id: nil))
        }
    }

    private static func batch(_ scanner: inout JSONScanner, _ payload: ByteBuffer, _ maxBatch: Int) -> ClientMessage {
        var frames: [Result<ClientFrame, FrameDefect>] = []
        var fault: String?
        do throws(JSONScanner.Failure) {
            try scanner.readElements(depth: 0) { (scanner) throws(JSONScanner.Failure) in
                guard frames.count < maxBatch else {
                    fault = "has more than \(maxBatch) frames"
                    throw .malformed
                }
                guard scanner.next == UInt8(ascii: "{") else {
                    fault = "has an item that is not an object"
                    throw .malformed
                }
                let start = scanner.position
                let fields = try FrameFields(&scanner, depth: 1)
                frames.append(ClientFrame.read(payload, ByteRange(start, scanner.position), fields, scanner.bytes))
            }
            try end(&scanner)
            if frames.isEmpty { fault = "is empty" }
        } catch {
            fault = fault ?? (error == .tooDeep ? "has more than \(JSONScanner.maxDepth) levels of brackets" : "is not valid JSON")
        }
        guard let fault else { return .batch(frames) }
        return .frame(.failure(FrameDefect(rejection: .batch(fault), id: nil)))
    }

    private static func end(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw .malformed }
    }
}
