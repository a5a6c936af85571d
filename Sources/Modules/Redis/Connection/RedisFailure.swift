import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why there is no connection to Redis, in words for people; never with the password.
struct RedisFailure: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// What a command was answered with, and what helps where that is known.
    init(refused command: String, _ answer: String) {
        let cure: String? =
            switch answer.prefix(while: { $0 != " " }) {
            case "WRONGPASS": "give the right user and password in modules.redis.url"
            case "NOAUTH": "give a password in modules.redis.url: redis://:PASSWORD@HOST"
            case "NOPERM":
                "the user needs: +@pubsub +@connection +@transaction +zadd +zscan +zremrangebyscore, all channels, and the keys of the prefix"
            default: answer.contains("DB index") ? "end modules.redis.url with the number of a database that Redis has: /0" : nil
            }
        // A command that is not known is repeated in the answer, with a password or a message where there is one.
        let reason = answer.firstRange(of: ", with args").map { answer[..<$0.lowerBound] } ?? answer[...]
        self.init("Redis refuses \(command): \(Self.printable(String(reason)))" + (cure.map { " (\($0))" } ?? ""))
    }

    /// What kept a connection from being made.
    init(connectingTo url: RedisURL, _ error: any Error) {
        let place = url.authority
        switch error {
        case let error as RedisFailure: self = error
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            self.init("no address is known for \(Self.printable(url.host))")
        case let error as NIOConnectionError:
            let reasons = Set(error.connectionErrors.map { Self.words($0.error) }).sorted()
            self.init("cannot connect to \(place): \(reasons.joined(separator: "; "))")
        case ChannelError.connectTimeout: self.init(noAnswerFrom: url)
        default: self.init("cannot connect to \(place): \(Self.words(error))")
        }
    }

    /// Nothing came in time: what waits for a TLS handshake and what expects one say nothing to each other.
    init(noAnswerFrom url: RedisURL) {
        let hint = url.isSecure ? "does it speak TLS? otherwise write redis://" : "is it Redis, and without TLS? otherwise write rediss://"
        self.init("\(url.authority) did not answer in time (\(hint))")
    }

    /// What ended a connection.
    init(connectionTo url: RedisURL, _ error: any Error) {
        switch error {
        case let error as RedisFailure: self = error
        case let error as RESPError: self.init("what \(url.authority) sends is not Redis' protocol: \(error)")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            let text = "\(error)"
            let cure: String? =
                if text.contains("CERTIFICATE_VERIFY_FAILED") {
                    "its certificate is of no trusted authority, or has expired: give the authority's in modules.redis.tls_authorities"
                } else if text.contains("WRONG_VERSION_NUMBER") {
                    "what answers there speaks no TLS: write redis://, or the port for TLS"
                } else {
                    nil
                }
            self.init("no TLS connection to \(url.authority): \(cure ?? Self.printable(text))")
        default: self.init("the connection to \(url.authority) broke: \(Self.words(error))")
        }
    }

    private static func words(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)).lowercased() }
        return printable("\(error)")
    }

    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(300).map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
