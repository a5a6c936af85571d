import GatewayConfiguration
import GatewayKit
import NIOCore

extension JSONValue {
    /// Changes as the admin API lists them.
    static func changes(_ changes: [ConfigurationChange]) -> JSONValue {
        .array(
            changes.map { change in
                .object(
                    [
                        "path": .string(change.path), "old": change.old.map { .string($0) } ?? .null,
                        "new": change.new.map { .string($0) } ?? .null,
                    ])
            })
    }
}

extension ByteBuffer {
    /// A value as text.
    static func json(_ value: JSONValue) -> ByteBuffer {
        var text = ByteBuffer()
        text.writeJSON(value)
        return text
    }
}

extension DiagnosticRenderer {
    /// The findings as `gateway check --format json` lists them.
    func list(_ diagnostics: [Diagnostic]) -> JSONValue {
        JSONValue(json: Array(json(diagnostics).utf8))?["diagnostics"] ?? .array([])
    }
}

/// Numbers of things, for people.
enum Count {
    /// `1 change`, `2 changes`.
    static func of(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}
