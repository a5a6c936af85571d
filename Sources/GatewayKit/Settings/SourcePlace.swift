/// Where a value comes from.
public struct SourcePlace: Sendable, Hashable {
    /// The kinds of places.
    public enum Origin: Sendable, Hashable {
        /// A configuration file, by the path that the user gave.
        case file(String)
        /// An environment variable.
        case environment(String)
        /// An option, as it was given: `--set server.port`, without the value, which may be a secret; `--profile dev`.
        case commandLine(String)
    }

    /// The file, variable or option.
    public let origin: Origin
    /// The line, from 1; 0 outside files, and for a file as a whole.
    public let line: Int
    /// The column in Unicode scalars, from 1; 0 outside files.
    public let column: Int
    /// How many scalars the text has, for the caret; at least 1.
    public let length: Int
    /// The profile that the place belongs to; nil for the base of the file.
    public var profile: String?

    /// Makes a place.
    public init(_ origin: Origin, line: Int = 0, column: Int = 0, length: Int = 1, profile: String? = nil) {
        self.origin = origin
        self.line = line
        self.column = column
        self.length = max(1, length)
        self.profile = profile
    }
}

extension SourcePlace: CustomStringConvertible {
    /// `gateway.yaml:26:5`, `environment WEBSOCKET_PORT` or `--set server.port`.
    public var description: String {
        switch origin {
        case .file(let path) where line == 0: path
        case .file(let path): "\(path):\(line):\(column)"
        case .environment(let name): "environment \(name)"
        case .commandLine(let option): option
        }
    }
}
