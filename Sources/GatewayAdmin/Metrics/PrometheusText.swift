package import GatewayServer
package import NIOCore

/// Writes metrics in the text format of Prometheus, version 0.0.4.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Writes families in their order; of two with the same name the first stays.
    package static func render(_ families: [MetricFamily]) -> ByteBuffer {
        var text = ByteBuffer()
        var names: Set<String> = []
        for family in families where names.insert(family.name).inserted {
            text.writeString("# HELP \(family.name) \(escaped(family.help, quotes: false))\n")
            text.writeString("# TYPE \(family.name) \(family.kind.rawValue)\n")
            for sample in family.samples {
                text.writeString("\(family.name)\(sample.suffix)")
                write(sample.labels, to: &text)
                text.writeString(" \(number(sample.value))\n")
            }
        }
        return text
    }

    private static func write(_ labels: [(name: String, value: String)], to text: inout ByteBuffer) {
        guard !labels.isEmpty else { return }
        let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        text.writeString("{\(pairs.joined(separator: ","))}")
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Beyond 2^53 a Double has no units any more.
        if value == value.rounded(), abs(value) < 9_007_199_254_740_992 { return String(Int64(value)) }
        return String(value)
    }
}
