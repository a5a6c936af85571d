import Crypto
import Foundation

/// What is stored of a refresh token: enough to recognize it, not enough to use it.
struct TokenDigest: Hashable, Sendable {
    let data: Data

    init(_ token: String) { data = Data(SHA256.hash(data: Array(token.utf8))) }
}
