package import GatewayKit

/// Findings as `--format json` prints them.
package struct JSONDiagnostics: Encodable, Sendable {
    /// One finding.
    package struct Item: Encodable, Sendable {
        let file: String
        let line: Int
        let column: Int
        let severity: String
        let code: String
        let message: String
        let help: String?

        enum CodingKeys: String, CodingKey { case file, line, column, severity, code, message, help }

        /// Writes every key, `help` as null where there is none.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(file, forKey: .file)
            try container.encode(line, forKey: .line)
            try container.encode(column, forKey: .column)
            try container.encode(severity, forKey: .severity)
            try container.encode(code, forKey: .code)
            try container.encode(message, forKey: .message)
            try container.encode(help, forKey: .help)
        }
    }

    /// The findings, in their order.
    package let diagnostics: [Item]

    /// Makes them.
    package init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.map { diagnostic in
            let place = diagnostic.place
            let file = if case .file(let path) = place.origin { path } else { "\(place)" }
            return Item(
                file: file, line: place.line, column: place.column, severity: diagnostic.severity.rawValue, code: diagnostic.code.rawValue,
                message: diagnostic.message, help: diagnostic.help)
        }
    }
}
