import AsyncHTTPClient
import Foundation
import GatewayKit
import NIOCore

/// Why the back end has not answered; shown in the log.
enum BackEndFailure: Error, Equatable, CustomStringConvertible {
    /// A status that answers nothing.
    case status(UInt)
    /// A body that answers nothing.
    case unreadable
    case tooLarge(ByteCount)
    case late(Duration)
    /// The connection has ended before the answer.
    case closed
    case unreachable(String)
    /// The module has not been started: nobody is asked by `gateway plan`.
    case notStarted

    init(_ error: any Error, timeout: Duration, maxAnswer: Int) {
        let lateErrors: [HTTPClientError] = [.deadlineExceeded, .connectTimeout, .readTimeout, .getConnectionFromPoolTimeout]
        switch error {
        case is NIOTooManyBytesError: self = .tooLarge(ByteCount(maxAnswer))
        case let error as HTTPClientError where lateErrors.contains(error): self = .late(timeout)
        case let error as HTTPClientError where error == .remoteConnectionClosed: self = .closed
        case let error as IOError: self = .unreachable(String(cString: strerror(error.errnoCode)))
        // Long lists of addresses are of no use.
        default: self = .unreachable(String(String(describing: error).prefix(200)))
        }
    }

    var description: String {
        switch self {
        case .status(let status) where (300..<400).contains(status):
            "the back end answered \(status); redirects are not followed"
        case .status(let status): "the back end answered \(status)"
        case .unreadable: "the back end answered something else than {\"allow\": true} or {\"allow\": false}"
        case .tooLarge(let size): "the back end answered more than \(size.settingText)"
        case .late(let timeout): "the back end did not answer within \(timeout.settingText)"
        case .closed: "the back end closed the connection without an answer"
        case .unreachable(let why): "the back end cannot be asked: \(why)"
        case .notStarted: "nobody is asked before the start"
        }
    }

    /// Whether the same may be taken another time: not what the back end has read and does not want.
    var mayPass: Bool {
        guard case .status(let status) = self else { return true }
        return status >= 500 || [408, 425, 429].contains(status)
    }
}
