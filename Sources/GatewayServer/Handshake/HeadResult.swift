internal import GatewayKit

/// What ``RequestHeadParser`` makes of the bytes so far.
enum HeadResult {
    /// More bytes are needed.
    case incomplete
    /// The head is complete.
    ///
    /// - Parameters:
    ///   - head: The head.
    ///   - byteCount: Its length with the empty line; what follows belongs to the body or the next protocol.
    case head(RequestHead, byteCount: Int)
    /// No valid head, or one that is too large.
    case refused(HTTPRefusal)
}
