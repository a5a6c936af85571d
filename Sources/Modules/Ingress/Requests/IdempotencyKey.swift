import Crypto
import GatewayKit
import NIOCore

/// A SHA-256 of several parts, each with its length, so that no two lists of parts are the same bytes.
typealias Fingerprint = SHA256.Digest

/// The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): 1 to 255 visible ASCII characters.
struct IdempotencyKey {
    static let header = "Idempotency-Key"

    private let text: String

    /// The key of a request; nil where there is none.
    init?(_ request: HTTPRequest) throws(HTTPRefusal) {
        let values = request.headers.filter { $0.name == "idempotency-key" }.map(\.value)
        guard let text = values.first else { return nil }
        guard values.count == 1 else { throw .invalid(Self.header, "must stand only once") }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid(Self.header, "must be 1 to 255 visible ASCII characters")
        }
        self.text = text
    }

    /// What the answer is kept under: the same key of another client, or on another route, is another.
    func fingerprint(_ client: IngressClient, _ route: IngressRoute) -> Fingerprint {
        Self.hash([client.text, "\(route.keys.method.rawValue) \(route.keys.path)", text].map { ByteBuffer(string: $0) })
    }

    /// What two requests with one key must have in common: path and body.
    static func fingerprint(_ request: HTTPRequest) -> Fingerprint {
        hash([ByteBuffer(string: request.path), request.body])
    }

    private static func hash(_ parts: [ByteBuffer]) -> Fingerprint {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.readableBytes).bigEndian) { hash.update(bufferPointer: $0) }
            part.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        }
        return hash.finalize()
    }
}
