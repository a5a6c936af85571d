import NIOCore

/// One metric with all its series, as Prometheus knows it.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
        case summary
    }

    /// One number.
    package struct Sample: Sendable {
        /// What is put behind the family's name: `_sum`, `_count`, `_bucket` or nothing.
        package let suffix: String
        package let labels: [(name: String, value: String)]
        package let value: Double

        package init(suffix: String = "", _ labels: [(name: String, value: String)] = [], _ value: Double) {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    package let name: String
    package let kind: Kind
    /// One sentence for people.
    package let help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A metric without labels.
    package init(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        self.init(name, kind, help, [Sample([], Double(value))])
    }
}

extension DurationHistogram {
    /// The series of a histogram in seconds: each bucket has the ones before it in it.
    package func samples(_ labels: [(name: String, value: String)] = []) -> [MetricFamily.Sample] {
        var count = 0
        var samples: [MetricFamily.Sample] = []
        for (bucket, more) in counts.enumerated() {
            count &+= more
            let end = bucket < bounds.count ? String(bounds[bucket].seconds) : "+Inf"
            samples.append(.init(suffix: "_bucket", labels + [("le", end)], Double(count)))
        }
        samples.append(.init(suffix: "_sum", labels, sum.seconds))
        samples.append(.init(suffix: "_count", labels, Double(count)))
        return samples
    }
}

extension TimeAmount {
    fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}
