public import GatewayKit

/// `admin`: the listener for health, metrics and the admin API, and the same API on a Unix socket for the command line.
public struct AdminSettings: Settings {
    /// Whether the listener and the socket exist.
    public var enabled = true
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port; 0 is any free one.
    public var port = 3001
    /// The Unix socket; nil for none.
    public var socket: FilePath?
    /// What a caller has to show; nil or empty for one that is made at each start.
    public var token: Secret?

    /// The defaults.
    public init() {}

    /// The keys.
    public static let fields: [SettingField<Self>] = [
        SettingField("enabled", \.enabled, "Whether health, metrics and the admin API are served."),
        SettingField("host", \.host, "The address to listen on; any but loopback needs a token."),
        SettingField("port", \.port, range: 0...65535, "The port; 0 = any free one, printed at start."),
        SettingField(
            "socket", \.socket, "A Unix socket with the same API for the command line, its owner's alone (mode 0600); null = none."),
        SettingField(
            "token", \.token,
            "What callers send as Authorization: Bearer TOKEN, at least 32 bytes; empty = only loopback, with a token printed at start."),
    ]

    /// The limit of Linux is 107 bytes (unix(7)).
    private static let maxSocketPath = 100
    private static let minTokenBytes = 32

    /// Holds the token against the address.
    public func validate(_ report: inout SettingsReport) {
        guard enabled else { return }
        let tokenBytes = token?.bytes.count ?? 0
        if tokenBytes == 0, !isLoopback {
            report.add(
                .error, .missingKey, "token", "there is none, and \(host) can be reached from other machines",
                help: "set GATEWAY_ADMIN_TOKEN to the output of openssl rand -hex 32, or admin.host to 127.0.0.1")
        }
        if 1..<Self.minTokenBytes ~= tokenBytes {
            report.add(
                .error, .weakSecret, "token", "the token has \(tokenBytes) bytes, \(Self.minTokenBytes) are needed",
                help: "make one with openssl rand -hex 32")
        }
        if let socket, socket.path.utf8.count > Self.maxSocketPath {
            report.add(
                .error, .outOfRange, "socket", "the path has \(socket.path.utf8.count) bytes, \(Self.maxSocketPath) are allowed",
                help: "name one nearer to the root, such as /run/gateway/gateway.sock")
        }
    }

    /// Whether only this machine reaches the listener.
    public var isLoopback: Bool {
        ClientAddress(host)?.isLoopback ?? (host.lowercased() == "localhost")
    }
}
