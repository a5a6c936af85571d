import GatewayKit
import Glibc
import NIOCore

/// The port cannot be listened on.
public struct ListenFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let message: String
    /// What to do.
    package var cure: String
    /// Whether somebody listens there already.
    package let isInUse: Bool
    private let section: String
    /// What is at fault: `host` or `port`.
    private let key: String

    /// What is wrong, with the cure.
    public var description: String { "\(message)\nhelp: \(cure)" }

    package init(host: String, port: Int, of section: String = "server", error: any Error) {
        let code = (error as? IOError)?.errnoCode
        isInUse = code == EADDRINUSE
        self.section = section
        key = code == EADDRINUSE || code == EACCES ? "port" : "host"
        cure =
            switch code {
            case EADDRINUSE: "another program listens there: stop it, or set \(Self.name(section, "port")) to another port"
            case EACCES: "ports below 1024 need a privilege: set \(Self.name(section, "port")) to a higher one"
            case EADDRNOTAVAIL: "no interface of this machine has that address: set \(Self.name(section, "host"))"
            default: "set \(section).host and \(section).port to an address of this machine"
            }
        message = "cannot listen on \(host):\(port): \(Self.words(error))"
    }

    /// The same as a finding about the setting.
    package var inConfiguration: ConfigurationFailure {
        ConfigurationFailure(section, ModuleError(message, help: cure, setting: key, code: .listen))
    }

    /// The setting, with its variable where it has one.
    private static func name(_ section: String, _ key: String) -> String {
        section == "server" ? "server.\(key) (WEBSOCKET_\(key.uppercased()))" : "\(section).\(key)"
    }

    /// The error in the system's words, without the call that NIO names.
    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as SocketAddressError.UnknownHost: "no address is known for '\(error.host)'"
        default: "\(error)"
        }
    }
}
