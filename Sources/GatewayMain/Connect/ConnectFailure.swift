import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why no WebSocket came about, in words.
struct ConnectFailure {
    let url: ConnectURL
    let error: any Error

    /// What happened and what to look at.
    var inWords: CommandFailure {
        switch error {
        case let error as NIOConnectionError: connectionFailure(error)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: tlsFailure
        case ChannelError.connectTimeout:
            CommandFailure("\(url.authority) did not answer within 10 seconds", help: "is there a firewall in between?")
        case is HTTPParserError: CommandFailure("what answered at \(url.authority) does not speak HTTP", help: tlsHint)
        default: CommandFailure("\(url.authority) closed the connection without an answer", help: tlsHint)
        }
    }

    private func connectionFailure(_ error: NIOConnectionError) -> CommandFailure {
        if error.connectionErrors.isEmpty {
            return CommandFailure("no address is known for '\(TerminalText.escaped(error.host))'", help: "is the name spelled right?")
        }
        let isRefused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
        guard isRefused else {
            let words = error.connectionErrors.map { failure in
                (failure.error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(failure.error)"
            }
            let reasons = Set(words).sorted().joined(separator: "; ")
            return CommandFailure("cannot connect to \(url.authority): \(reasons)")
        }
        return CommandFailure(
            "connection refused: nothing listens on \(url.authority)",
            help: "start it with `gateway run --profile dev`; the line 'listening on' of its log has the address")
    }

    private var tlsFailure: CommandFailure {
        let text = "\(error)"
        // BoringSSL says what is wrong in one word among codes and source files.
        let word = text.firstMatch(of: /OPENSSL_internal:([A-Z0-9_]+)/).map { String($0.1) } ?? ""
        let isUntrusted = word == "CERTIFICATE_VERIFY_FAILED" || text.contains("unableToValidateCertificate")
        let reason = word.isEmpty ? TerminalText.escaped(text) : word.lowercased().replacing("_", with: " ")
        return CommandFailure(
            "no TLS connection to \(url.authority): \(reason)",
            help: isUntrusted ? "name the file with its certificate authority: --ca FILE" : "does it serve TLS? otherwise write ws://")
    }

    private var tlsHint: String {
        url.isSecure ? "does a gateway listen there?" : "does a gateway listen there? one with TLS is reached by wss://"
    }
}
